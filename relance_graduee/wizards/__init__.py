from . import (
    base_partner_merge,
    dunning_call,
    dunning_contact,
    dunning_extract,
    dunning_formal_decision,
    dunning_go_live,
    dunning_interruption_erase,
    dunning_item_change,
    dunning_posting,
    dunning_posting_outcome,
    dunning_preview,
    dunning_take_out,
)
