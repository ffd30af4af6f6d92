from . import (
    test_forged,
    test_forms,
    test_http,
    test_methods,
    test_proofs,
    test_records,
    test_security_doc,
    test_shared_records,
    test_shown_fields,
)
