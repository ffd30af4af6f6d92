"""Open items: the decision (who is chased, when, why not) and where each item stands.

Asked by: the run, screens, calls, credit: whoever asks whether something is owed or chased.
Asks: policy and below.
"""

from . import (
    account_move,
    account_move_line,
    account_move_line_accepted,
    account_payment,
    dunning_counterpart,
    dunning_customer_note,
    dunning_decision,
    dunning_decision_awaited,
    dunning_decision_hold,
    dunning_decision_item,
    dunning_decision_money,
    dunning_decision_step,
    dunning_item,
    dunning_step,
    res_company,
    res_partner,
    res_partner_guard,
)
