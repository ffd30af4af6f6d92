from . import dunning_letter, dunning_posting_list
