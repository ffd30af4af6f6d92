from odoo import api, models
from odoo.exceptions import ValidationError

# Other years are slips of the pen, and calendars are computed around a day.
YEARS = range(1950, 3000)


class DunningDated(models.AbstractModel):
    """A model of ours, or one that we extend, with days that a person enters.

    Days of other times are refused in words, before anything is computed from them.
    """

    _name = "dunning.dated"
    _description = "Record with days that a person enters"

    @api.constrains(lambda self: self._get_entered_dates())
    def _check_years(self):
        for record in self:
            days = (record[name] for name in record._get_entered_dates())
            wrong = next((day for day in days if day and day.year not in YEARS), None)
            if wrong:
                raise ValidationError(self.env._("“%s” is not a date of our time.", wrong))

    @api.model
    def _get_entered_dates(self):
        """Names of the dates that we add to this model and that somebody may enter."""
        return [
            name
            for name, field in self._fields.items()
            if field.type == "date"
            and field.store
            and not (field.readonly or field.compute or field.related)
            and any(module.startswith("relance_graduee") for module in field._modules)
        ]
