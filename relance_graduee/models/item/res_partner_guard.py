import json

from odoo import api, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

from ..common.defaults import without_defaults
from ..common.groups import USER_GROUP

# Fields by which a partner becomes part of another customer, or one of its own.
ENTITY_FIELDS = {"parent_id", "is_company", "commercial_partner_id"}


class ResPartner(models.Model):
    """What collectors alone decide about a customer, on whatever way it is written.

    One list (``_get_dunning_guarded_fields``), asked when a customer or one of its contacts is
    made, by values or by defaults of the context or the user; when it is written, imported, or
    reached by commands of another record; and when contacts are merged: then the customer who
    owes stays as it was decided (``base.partner.merge.automatic.wizard``).
    """

    _inherit = "res.partner"

    @api.model
    def _get_dunning_guarded_fields(self):
        """The names of fields that collectors alone write on a customer, as a set. To extend.

        They stop, soften or direct reminders and holds, or give rights on the customer.
        """
        return {
            "dunning_policy_id",
            "dunning_user_id",
            "dunning_contact_ids",
            "dunning_refused_email",
            "dunning_paused_until",
            "dunning_pause_reason",
            "insolvency_date",
        }

    def write(self, vals):
        self._check_may_decide(self._get_dunning_guarded_fields() & vals.keys())
        self._check_may_move_the_day(vals)
        if not ENTITY_FIELDS & vals.keys() or self._may_decide():
            return super().write(vals)
        owing = self.sudo().filtered(lambda partner: partner._has_own_debt())
        before = {partner: partner.commercial_partner_id for partner in owing}
        decisions = self.sudo().commercial_partner_id._get_dunning_decisions()
        result = super().write(vals)
        for partner, customer in before.items():
            partner._check_moved(customer, decisions[customer.id])
        return result

    @api.model_create_multi
    def create(self, vals_list):
        user = self.env.user
        if user._is_superuser() or user.has_group(USER_GROUP):
            return super().create(vals_list)
        guarded = self._get_dunning_guarded_fields()
        for vals in vals_list:
            self._check_may_decide({name for name in guarded if vals.get(name)})
        self._check_own_defaults(guarded)
        # as superuser too: where others make contacts so, the context is still the caller's
        plain = without_defaults(self, guarded)
        return super(ResPartner, plain).create(vals_list).with_env(self.env)

    def _may_decide(self):
        return self.env.su or self.env.user.has_group(USER_GROUP)

    def _check_may_decide(self, names):
        """:raise AccessError: the user, who is no collector, writes one of these fields"""
        if names and not self._may_decide():
            self._refuse_to_decide()

    def _refuse_to_decide(self):
        raise AccessError(self.env._("Only collectors decide whether a customer gets reminders."))

    def _check_may_move_the_day(self, vals):
        """:raise AccessError: the day of what a company writes (``_get_dunning_today``) would be
        another, by who edits contacts
        """
        if "tz" not in vals or self.env.su or self.env.user.has_group("base.group_system"):
            return
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        if companies.search_count([("partner_id", "in", self.ids)], limit=1):
            raise AccessError(
                self.env._(
                    "The time zone of a company dates its reminders: an administrator changes it."
                )
            )

    def _check_own_defaults(self, names):
        """:raise AccessError: the user chose a value by default of his own for one of them"""
        Default = self.env["ir.default"].sudo()
        if names & Default._get_model_defaults(self._name).keys():
            own = [
                ("user_id", "=", self.env.uid),
                ("field_id.model", "=", self._name),
                ("field_id.name", "in", list(names)),
            ]
            if Default.search_count(own, limit=1):
                self._refuse_to_decide()

    @api.constrains("dunning_contact_ids")
    def _check_dunning_contacts(self):
        for partner in self.sudo():
            customer = partner.commercial_partner_id
            others = partner.dunning_contact_ids.filtered(
                lambda contact, customer=customer: contact.commercial_partner_id != customer
            )
            if others:
                raise ValidationError(
                    self.env._(
                        "Reminders of %(customer)s go to its own contacts: %(contact)s is none.",
                        customer=customer.display_name,
                        contact=others[0].display_name,
                    )
                )

    # ------------------------------------------------------------
    # BECOMING ANOTHER CUSTOMER'S
    # ------------------------------------------------------------

    def _check_moved(self, customer, decided):
        """:param customer: whose this was until now
        :param decided: its row of ``_get_dunning_decisions``
        :raise AccessError: what this owes is another customer's now, decided about otherwise
        """
        now = self.commercial_partner_id
        if now != customer and now._get_dunning_decisions()[now.id] != decided:
            raise AccessError(
                self.env._(
                    "%(partner)s owes something, and reminders of %(customer)s are not the same: a "
                    "collector moves it.",
                    partner=self.display_name,
                    customer=now.display_name,
                )
            )

    def _has_own_debt(self):
        """Whether an item in the name of this partner, or of one of its contacts, is open.

        Odoo books on the commercial partner of today: the invoice says to whom it was addressed.
        """
        return bool(
            self.env["account.move.line"]
            .sudo()
            .search_count(
                [
                    "|",
                    ("partner_id", "child_of", self.ids),
                    ("move_id.partner_id", "child_of", self.ids),
                    ("account_type", "=", "asset_receivable"),
                    ("parent_state", "=", "posted"),
                    ("reconciled", "=", False),
                    ("amount_residual", ">", 0),
                ],
                limit=1,
            )
        )

    # ------------------------------------------------------------
    # MERGING
    # ------------------------------------------------------------

    @api.model
    def _get_dunning_merged_columns(self):
        """Columns that merging takes from the customer who owes, as they are stored. To extend."""
        guarded = self._get_dunning_guarded_fields() | {"customer_kind"}
        return sorted(
            name for name in guarded if self._fields[name].store and self._fields[name].column_type
        )

    def _get_dunning_decisions(self):
        """Partner id -> what is stored in ``_get_dunning_merged_columns``, of every company."""
        self.flush_model(self._get_dunning_merged_columns())
        columns = SQL(", ").join(map(SQL.identifier, self._get_dunning_merged_columns()))
        rows = self.env.execute_query_dict(
            SQL("SELECT id, %s FROM res_partner WHERE id = ANY(%s)", columns, self.ids)
        )
        return {row.pop("id"): row for row in rows}

    def _write_dunning_decisions(self, row):
        """Store for this partner a row of ``_get_dunning_decisions``, past what merging did."""
        self.flush_recordset()
        values = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), self._prepare_column(name, value))
            for name, value in row.items()
        )
        self.env.cr.execute(SQL("UPDATE res_partner SET %s WHERE id = %s", values, self.id))
        self.invalidate_recordset()

    @api.model
    def _prepare_column(self, name, value):
        """A stored value as SQL; who is named by it may have been merged away meanwhile."""
        field = self._fields[name]
        if field.company_dependent:
            return SQL("%s::jsonb", json.dumps(value, default=str)) if value else SQL("NULL")
        if field.type == "many2one":
            value = self.env[field.comodel_name].browse(value).exists().id or None
        return SQL("%s", value)

    def _get_dunning_rulers(self):
        """Whose decisions hold when these are merged: the customers among them who owe anything."""
        customers = self.sudo().commercial_partner_id
        rows = self.env["dunning.decision"]._get_rows(customers.ids)
        owing = {row["partner_id"] for row in rows if row["amount_residual"] > 0}
        return customers.filtered(lambda customer: customer.id in owing)
