from odoo import models
from odoo.exceptions import AccessError

from ..common.groups import USER_GROUP

# Fields that decide which policy holds a commercial entity and whose debts count for it.
KIND_FIELDS = {"customer_kind", "vat", "company_registry"}
ENTITY_FIELDS = {"parent_id", "is_company", "commercial_partner_id"}


class ResPartner(models.Model):
    """A hold is not escaped by becoming somebody else.

    The kind of a customer chooses its policy, and its parent whose debts count. While goods to it
    are held, only collectors change them; everything else of a contact is edited as ever.
    """

    _inherit = "res.partner"

    def write(self, vals):
        self._check_may_change_identity(vals)
        return super().write(vals)

    def _check_may_change_identity(self, vals):
        """:raise AccessError: the user, who is no collector, changes who a held customer is"""
        if not (KIND_FIELDS | ENTITY_FIELDS) & vals.keys():
            return
        if self.env.su or self.env.user.has_group(USER_GROUP):
            return
        changed = self.filtered(lambda partner: partner._changes_identity(vals))
        held = changed._get_held_anywhere()
        if held:
            raise AccessError(
                self.env._(
                    "Deliveries to %s are held: until they are released, only collectors change "
                    "its kind, its numbers or its parent company.",
                    ", ".join(held.mapped("name")),
                )
            )

    def _changes_identity(self, vals):
        """Whether ``vals`` say something else of this partner than is known."""
        is_entity = self == self.commercial_partner_id
        names = ENTITY_FIELDS | (KIND_FIELDS if is_entity else set())
        return any(
            self._fields[name].convert_to_write(self[name], self) != vals[name]
            and (self[name] or vals[name])
            for name in names & vals.keys()
        )

    def _get_held_anywhere(self):
        """The commercial entities among these that any root company holds."""
        customers = self.sudo().commercial_partner_id
        if not customers:
            return customers
        held_ids = {
            id_
            for company in self.env["res.company"]._get_dunning_roots()
            for id_, hold in customers._get_delivery_holds(company).items()
            if hold["hold"] == "blocked"
        }
        return customers.filtered(lambda customer: customer.id in held_ids)
