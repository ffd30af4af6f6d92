"""The collector's morning page.

Asked by: collectors.
Asks: notice and below; each room adds its own sections.
"""

from . import dunning_today
