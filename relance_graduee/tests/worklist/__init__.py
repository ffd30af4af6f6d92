from . import test_today
