from . import (
    test_bounded,
    test_misconfiguration,
    test_run,
    test_sending,
    test_server_day,
    test_trouble,
)
