from . import (
    dunning_departure,
    dunning_release,
    res_company,
    res_partner,
    sale_order,
    sale_order_line,
    stock_move,
    stock_move_demand,
    stock_move_line,
    stock_picking,
    stock_picking_hold,
    stock_picking_type,
)
