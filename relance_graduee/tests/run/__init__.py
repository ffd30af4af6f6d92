from . import test_misconfiguration, test_run, test_sending
