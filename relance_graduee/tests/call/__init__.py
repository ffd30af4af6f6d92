from . import (
    test_call_list,
    test_calls,
    test_collector_change,
    test_contacts,
    test_corrections,
    test_visits,
)
