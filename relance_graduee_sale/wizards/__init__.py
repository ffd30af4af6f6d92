from . import dunning_delay
