from . import base_partner_merge, dunning_item_change, dunning_preview
