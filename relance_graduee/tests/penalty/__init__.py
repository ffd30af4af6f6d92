from . import test_penalties, test_penalty_ledger, test_penalty_letter
