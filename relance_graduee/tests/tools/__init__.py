from . import (
    test_business_days,
    test_late_interest,
    test_late_interest_input,
    test_late_interest_second_way,
    test_letter_pages,
    test_pdf_overprint,
    test_placeholders,
    test_postal_address,
)
