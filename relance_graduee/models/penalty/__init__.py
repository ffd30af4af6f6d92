"""Late interest and the recovery indemnity: the ledger, debit notes, the calculation.

Asked by: notices that charge, the customer's page, the nightly reckoning.
Asks: letter and below; not credit, not calls.
"""

from . import (
    account_invoice_report,
    account_move,
    account_move_line,
    dunning_interest,
    dunning_interest_events,
    dunning_interest_past,
    dunning_interest_sheet,
    dunning_notice,
    dunning_notice_line,
    dunning_penalty,
    dunning_penalty_accrual,
    dunning_penalty_cron,
    dunning_penalty_debit,
    dunning_sheet,
    dunning_step,
    res_company,
    res_partner,
)
