"""Calls, visits and what the customer answered.

Asked by: collectors; the run closes what nobody did.
Asks: channel and below.
"""

from . import (
    dunning_channel_phone,
    dunning_channel_visit,
    dunning_delivery,
    dunning_delivery_answer,
    dunning_notice,
    dunning_outcome,
    dunning_step,
    dunning_today,
    ir_ui_menu,
    res_partner,
)
