"""Who gets goods: exposure, limits, holds, releases, insurance.

Asked by: orders and deliveries, through dunning.guard; the customer's page.
Asks: notice and below.
"""

from . import (
    dunning_account,
    dunning_account_alert,
    dunning_account_cover,
    dunning_account_exposure,
    dunning_account_hold,
    dunning_cover,
    dunning_customer_note,
    dunning_guard,
    dunning_limit_change,
    dunning_notice,
    dunning_policy,
    dunning_release,
    dunning_release_cover,
    dunning_release_invoice,
    dunning_release_limit,
    dunning_release_use,
    dunning_step,
    dunning_today,
    ir_default,
    res_partner,
    res_partner_found,
    res_partner_hold,
)
