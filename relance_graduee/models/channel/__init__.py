"""The ways of a notice: e-mail, letter, registered letter, SMS, handover; copies, duplicates.

Asked by: the run, the posting wizard, calls.
Asks: letter and below.
"""

from . import (
    dunning_channel_email,
    dunning_channel_handover,
    dunning_channel_letter,
    dunning_channel_registered,
    dunning_channel_registered_email,
    dunning_channel_sms,
    dunning_delivery,
    dunning_delivery_message,
    dunning_message_template,
    dunning_notice_copy,
    dunning_notice_delivery,
    dunning_notice_duplicate,
    dunning_notice_leaving,
    dunning_policy,
    dunning_proof,
    dunning_receipt,
    dunning_step,
    dunning_today,
    mail_mail,
    mail_template,
    mail_thread,
    res_partner,
    sms_sms,
    sms_template,
)
