from . import (
    test_customer_word,
    test_delivery_hold,
    test_guarded_ways,
    test_kept_plan,
    test_limit_changes,
    test_releases,
)
