from . import (
    test_counterparts,
    test_euro_rate,
    test_penalties,
    test_penalty_ledger,
    test_penalty_letter,
)
