from . import test_decision, test_item_change, test_recipients
