from . import dunning_departure_record
