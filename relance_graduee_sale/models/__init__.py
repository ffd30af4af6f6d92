from . import (
    dunning_account,
    dunning_customer,
    dunning_customer_note,
    dunning_policy,
    dunning_release,
    payment_transaction,
    res_config_settings,
    res_partner,
    sale_order,
    sale_order_banner,
    sale_order_line,
)
