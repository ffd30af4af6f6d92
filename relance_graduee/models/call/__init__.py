"""Calls, visits and what the customer answered.

Asked by: collectors; the run closes what nobody did.
Asks: channel and below.
"""

from . import (
    account_move_line,
    dunning_channel_phone,
    dunning_channel_visit,
    dunning_customer_note,
    dunning_decision,
    dunning_delivery,
    dunning_delivery_answer,
    dunning_delivery_correction,
    dunning_item,
    dunning_notice,
    dunning_outcome,
    dunning_step,
    dunning_today,
    ir_ui_menu,
    res_partner,
)
