from . import test_run, test_sending
