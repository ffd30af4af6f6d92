from . import (
    test_accountant_copy,
    test_dead_address,
    test_duplicate_stamp,
    test_duplicates,
    test_email,
    test_letter_delivery,
    test_new_channel,
    test_posting_wizard,
    test_queue_watched,
    test_sent_late,
    test_sms,
)
