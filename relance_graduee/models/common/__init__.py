"""Tools of every room: groups, locks and batches, kept plans, dates in words.

Asked by: every room.
Asks: nobody.
"""

from . import dunning_batch, dunning_company_owned, dunning_dated, dunning_lock
