from . import test_delivery_log, test_formal_notice, test_notice_seams, test_people
