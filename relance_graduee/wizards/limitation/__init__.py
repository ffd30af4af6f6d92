from . import dunning_interruption_erase
