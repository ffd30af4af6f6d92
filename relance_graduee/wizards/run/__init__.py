from . import dunning_go_live
