"""Until when a claim may be brought to court, and what interrupted that period.

Asked by: the decision, formal notices, the invoice's page.
Asks: letter and below; not penalties.
"""

from . import (
    account_move,
    dunning_decision,
    dunning_interruption,
    dunning_item,
    dunning_limitation_warning,
    dunning_notice,
    dunning_proof,
    product_template,
)
