from . import test_limitation
