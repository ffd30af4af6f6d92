from . import (
    test_decision,
    test_fields_of_rooms,
    test_item_change,
    test_money_held,
    test_recipients,
    test_speaking_item,
    test_undone,
)
