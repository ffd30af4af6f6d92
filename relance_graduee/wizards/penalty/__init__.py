from . import dunning_penalty_change
