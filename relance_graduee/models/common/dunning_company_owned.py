from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import clean_context


class DunningCompanyOwned(models.AbstractModel):
    """A record of a company: the company that it was created for is its company for good.

    Every stored model of ours with a ``company_id`` inherits it, one that has it from another
    record too: such a record does not move to another company's.
    """

    _name = "dunning.company.owned"
    _description = "Record of a company"

    @api.model_create_multi
    def create(self, vals_list):
        """Without values by default that a caller names: who asked, who approved is no caller's."""
        clean = self.with_context(clean_context(self.env.context))
        return super(DunningCompanyOwned, clean).create(vals_list).with_env(self.env)

    def write(self, vals):
        if not self._get_owner_fields() & vals.keys():
            return super().write(vals)
        before = {record.id: record.company_id.id for record in self.sudo()}
        result = super().write(vals)
        self.sudo()._check_owners(before)
        return result

    @api.model
    def _get_owner_fields(self):
        """Names of the fields that say whose a record is."""
        related = self._fields["company_id"].related
        return {"company_id", *(related.split(".")[:1] if related else ())}

    def _check_owners(self, before):
        """:param before: record id -> company id
        :raise UserError: a record has another company than before
        """
        moved = [r for r in self.exists() if r.company_id.id != before[r.id]]
        if moved:
            raise UserError(
                self.env._(
                    "%s stays with the company that it was created for: create another one.",
                    moved[0].display_name,
                )
            )
