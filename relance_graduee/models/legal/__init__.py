"""Values of the law as dated records with their source: rates, floors, indemnity, caps.

Asked by: the ladder, the decision, interest and penalties, invoices and payment terms.
Asks: company and below.
"""

from . import account_move, account_payment_term, dunning_legal_value, dunning_rate, res_company
