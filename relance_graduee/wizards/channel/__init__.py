from . import dunning_posting, dunning_posting_outcome
