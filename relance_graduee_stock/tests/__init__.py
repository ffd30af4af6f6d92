from . import (
    test_customers_merged,
    test_delivery_companies,
    test_delivery_customers,
    test_delivery_paths,
    test_exposure_lives,
    test_french,
    test_reservation,
    test_shown_fields,
    test_stock_rights,
    test_told,
    test_warehouse_screens,
)
