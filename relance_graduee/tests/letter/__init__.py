from . import (
    test_edited_text,
    test_enclosures,
    test_formal_letters,
    test_letter_pdf,
    test_payment_details,
    test_preview_document,
)
