from . import test_delivery_hold, test_limit_changes, test_releases
