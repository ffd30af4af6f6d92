from . import dunning_formal_decision, dunning_take_out
