"""Policies, their steps, and the channels that a step may use: the ladder that an item climbs.

Asked by: the decision, the notice, every channel, credit.
Asks: legal and below.
"""

from . import dunning_channel, dunning_policy, dunning_step
