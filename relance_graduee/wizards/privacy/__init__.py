from . import dunning_extract
