"""The collector's morning page: cards and their figures.

Asked by: collectors; the rooms above, which add their sections.
Asks: item and below.
"""

from . import dunning_today, dunning_today_money
