from . import test_forms, test_shared_records, test_shown_fields
