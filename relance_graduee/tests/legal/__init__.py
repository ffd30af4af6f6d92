from . import test_payment_terms
