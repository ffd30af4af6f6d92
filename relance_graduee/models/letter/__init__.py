"""The words and the document of a notice: text, figures, payment details, enclosures.

Asked by: channels, the run, penalties.
Asks: notice and below.
"""

from . import (
    account_move,
    dunning_channel,
    dunning_checked_text,
    dunning_notice_document,
    dunning_notice_edit,
    dunning_notice_enclosure,
    dunning_notice_payment,
    dunning_notice_proof,
    dunning_notice_text,
    dunning_policy,
    dunning_proof,
    dunning_step,
)
