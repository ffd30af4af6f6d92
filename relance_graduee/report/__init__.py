from . import dunning_letter
from . import dunning_posting_list
