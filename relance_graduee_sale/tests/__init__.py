from . import (
    test_costs,
    test_exposure,
    test_french,
    test_order_paths,
    test_salespeople,
    test_shown_fields,
)
