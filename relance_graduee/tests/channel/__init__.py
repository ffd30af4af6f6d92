from . import (
    test_accountant_copy,
    test_duplicate_stamp,
    test_duplicates,
    test_email,
    test_letter_delivery,
    test_new_channel,
    test_posting_wizard,
    test_proof,
    test_proof_files,
    test_proof_states,
    test_sent_late,
    test_sms,
)
