from . import test_run, test_sending, test_server_day
