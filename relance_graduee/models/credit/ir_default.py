from odoo import api, models
from odoo.tools import float_compare

from .dunning_limit_change import DIGITS


class IrDefault(models.Model):
    """The credit limit by default is a limit: what it was and who changed it is kept."""

    _inherit = "ir.default"

    @api.model_create_multi
    def create(self, vals_list):
        before = self._get_default_limits({vals.get("field_id") for vals in vals_list})
        defaults = super().create(vals_list)
        self._log_default_limits(before)
        return defaults

    def write(self, vals):
        before = self._get_default_limits({*self.field_id.ids, vals.get("field_id")})
        result = super().write(vals)
        self._log_default_limits(before)
        return result

    def unlink(self):
        before = self._get_default_limits(set(self.field_id.ids))
        result = super().unlink()
        self._log_default_limits(before)
        return result

    @api.model
    def _get_default_limits(self, field_ids):
        """Root company -> limit by default, if that field is among ``field_ids``."""
        field = self.env["ir.model.fields"].sudo()._get("res.partner", "credit_limit")
        if field.id not in field_ids:
            return {}
        limit = self.env["res.partner"]._fields["credit_limit"]
        partners = self.env["res.partner"].sudo()
        return {
            company: limit.get_company_dependent_fallback(partners.with_company(company)) or 0.0
            for company in self.env["res.company"]._get_dunning_roots()
        }

    @api.model
    def _log_default_limits(self, before):
        if not before:
            return
        Change = self.env["dunning.limit.change"]
        field = self.env["ir.model.fields"].sudo()._get("res.partner", "credit_limit")
        after = self._get_default_limits({field.id})
        Change._log(
            [
                {
                    **Change._prepare_log_vals(self.env["res.partner"], company, "default"),
                    "old_amount": old,
                    "new_amount": after[company],
                }
                for company, old in before.items()
                if float_compare(old, after[company], precision_digits=DIGITS)
            ]
        )
