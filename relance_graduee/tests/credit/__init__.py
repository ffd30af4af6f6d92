from . import test_delivery_hold, test_kept_plan, test_limit_changes, test_releases
