from . import (
    dunning_answer,
    dunning_call,
    dunning_call_line,
    dunning_collector_change,
    dunning_contact,
)
