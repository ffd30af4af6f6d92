"""Retention of personal data; the extract of what is held on one person.

Asked by: a scheduled action, the manager who is asked for an extract.
Asks: notice and below; each room adds its own lists.
"""

from . import dunning_retention, res_partner
