"""Policies and their steps: the ladder that an item climbs.

Asked by: the decision, the notice, every channel, credit.
Asks: legal and below.
"""

from . import dunning_policy, dunning_step
