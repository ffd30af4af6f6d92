from contextlib import contextmanager

from odoo import models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..common.groups import MANAGER_GROUP, USER_GROUP
from ..item.res_partner_guard import ENTITY_FIELDS

# Fields that decide which policy holds a commercial entity and whose debts count for it.
KIND_FIELDS = {"customer_kind", "vat", "company_registry"}
# Fields that decide about a hold in some way: collectors write them, but lift no hold by them.
LIFTING_FIELDS = {
    "dunning_policy_id", "insolvency_date", "dunning_limit_partner_id",
    *KIND_FIELDS, *ENTITY_FIELDS,
}  # fmt: skip
# A limit is raised by collectors; whoever else may write it lifts no hold by it.
LIMIT_FIELDS = {"credit_limit", "use_partner_credit_limit"}


class ResPartner(models.Model):
    """A hold is not escaped by becoming somebody else.

    The kind of a customer chooses its policy, and its parent whose debts count. While goods to it
    are held, only collectors change them; everything else of a contact is edited as ever. By whom
    it may be changed, it lifts no hold: that is a dunning manager's, as releases are.
    """

    _inherit = "res.partner"

    def write(self, vals):
        self._check_may_change_identity(vals)
        changed = self._get_lifting(vals)
        if not changed:
            return super().write(vals)
        others = self.browse(vals.get("parent_id") or vals.get("dunning_limit_partner_id"))
        with changed._keeping_holds(others):
            return super().write(vals)

    # ------------------------------------------------------------
    # WHO A CUSTOMER IS
    # ------------------------------------------------------------

    def _check_may_change_identity(self, vals):
        """:raise AccessError: the user, who is no collector, changes who a held customer is"""
        if not (KIND_FIELDS | ENTITY_FIELDS) & vals.keys():
            return
        if self._may_decide():
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
        return self._changes(vals, ENTITY_FIELDS | (KIND_FIELDS if is_entity else set()))

    def _changes(self, vals, names):
        return any(
            self._fields[name].convert_to_write(self[name], self) != vals[name]
            and (self[name] or vals[name])
            for name in names & vals.keys()
        )

    def _get_held_anywhere(self):
        """The commercial entities among these that any root company holds."""
        held = self._get_holding_companies()
        return self.browse().union(*held.values())

    # ------------------------------------------------------------
    # HOLDS THAT STAY
    # ------------------------------------------------------------

    def _may_lift(self):
        """Whether the user may lift a hold of customers: superuser, or a dunning manager."""
        return self.env.su or self.env.user.has_group(MANAGER_GROUP)

    def _get_lifting(self, vals):
        """Those of these of which ``vals`` change something that could lift a hold."""
        if not (LIFTING_FIELDS | LIMIT_FIELDS) & vals.keys() or self._may_lift():
            return self.browse()
        is_collector = self.env.user.has_group(USER_GROUP)
        names = LIFTING_FIELDS if is_collector else LIFTING_FIELDS | LIMIT_FIELDS
        return self.sudo().filtered(lambda partner: partner._changes(vals, names)).sudo(False)

    def _get_holding_companies(self):
        """Root company -> the commercial entities of these that it holds."""
        customers = self.sudo().commercial_partner_id
        if not customers:
            return {}
        held = {}
        for company in self.env["res.company"]._get_dunning_roots():
            found = customers._get_delivery_holds(company)
            blocked = {id_ for id_, hold in found.items() if hold["hold"] == "blocked"}
            held[company] = customers.filtered(lambda c, blocked=blocked: c.id in blocked)
        return held

    @contextmanager
    def _keeping_holds(self, others=()):
        """What is done within neither lifts a hold of these and ``others``, nor hands on a release.

        :raise AccessError: goods of a customer, or of who became of it, would be free afterwards
        """
        partners = (self | self.browse(other.id for other in others)).sudo()
        before, owners = partners._get_holding_companies(), partners._get_release_owners()
        yield
        self.env.flush_all()
        self.env["dunning.release"].invalidate_model(["partner_id"])
        heirs = partners._get_heirs(before)
        everybody = self.browse().sudo().union(*heirs.values())
        after = everybody._get_holding_companies()
        for company, customers in before.items():
            for customer in customers:
                if not heirs[customer] <= after[company]:
                    raise AccessError(
                        self.env._(
                            "Deliveries that are held would be free by this: ask a dunning "
                            "manager, or for a release."
                        )
                    )
        self._check_release_owners(owners, heirs)

    def _get_heirs(self, held):
        """Held customer -> the commercial entities that it belongs to now; merged: one of these."""
        customers = self.browse().union(*held.values())
        remaining = self.exists().commercial_partner_id
        return {c: c.exists().commercial_partner_id or remaining for c in customers}

    def _get_release_owners(self):
        """Granted release -> whose it is, of these partners and whatever belongs to them."""
        families = self.commercial_partner_id | self
        releases = self.env["dunning.release"].sudo().search(
            Domain("state", "=", "granted") & Domain("partner_id", "child_of", families.ids)
        )  # fmt: skip
        return {release: release.partner_id.commercial_partner_id for release in releases}

    def _check_release_owners(self, owners, heirs):
        """:raise AccessError: a release would serve another customer than it was granted for"""
        moved = any(r.partner_id.commercial_partner_id != owner for r, owner in owners.items())
        joined = self.browse().union(*(now for c, now in heirs.items() if now != c))
        if moved or joined & self.browse().union(*owners.values()):
            raise AccessError(
                self.env._("Releases would serve another customer: ask a dunning manager.")
            )
