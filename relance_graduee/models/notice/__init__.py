"""Notices and deliveries as records: approval, formal notices, proof.

Asked by: letters, channels, calls, penalties, the run.
Asks: item and below.
"""

from . import (
    account_move,
    account_move_line,
    dunning_channel,
    dunning_decision,
    dunning_delivery,
    dunning_delivery_log,
    dunning_item,
    dunning_notice,
    dunning_notice_days,
    dunning_notice_formal,
    dunning_notice_integrity,
    dunning_notice_line,
    dunning_notice_people,
    dunning_notice_proof,
    dunning_proof,
    dunning_step,
    dunning_today,
    ir_attachment,
    mail_message,
    mail_tracking_value,
    res_company,
    res_partner,
)
