# Odoo runs what bears a name test_* here: the stars bring up the tests of the rooms.
from . import (
    test_batch,
    test_companies,
    test_costs,
    test_dates,
    test_defaults,
    test_facts_often_wrong,
    test_french,
    test_hold_reasons,
    test_migration,
    test_rights,
    test_texts,
    test_time_travel,
    test_views,
    test_vocabulary,
    test_words,
)
from .attacks import *
from .call import *
from .channel import *
from .credit import *
from .item import *
from .legal import *
from .letter import *
from .limitation import *
from .notice import *
from .penalty import *
from .policy import *
from .privacy import *
from .run import *
from .tools import *
from .worklist import *
