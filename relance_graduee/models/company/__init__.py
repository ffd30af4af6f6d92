"""A company: its settings, its legal identity, its working days, who is in charge.

Asked by: every room above.
Asks: common.
"""

from . import (
    dunning_closing_day,
    ir_cron,
    res_company,
    res_company_identity,
    res_company_people,
    res_company_trouble,
    res_config_settings,
)
