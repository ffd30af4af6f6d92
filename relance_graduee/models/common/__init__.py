"""What every room needs: groups, the lock of a customer, kept plans, dates in words.

Asked by: every room.
Asks: nobody.
"""

from . import dunning_lock
