from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from .stock_move_demand import OPEN_STATES

SHOWN_FIELDS = {
    "dunning_held", "dunning_hold_message", "dunning_held_date", "dunning_freed_date",
    "dunning_freed_today",
}  # fmt: skip


class StockPicking(models.Model):
    """What the warehouse sees of a hold: words, never an amount. What decides asks the guard."""

    _inherit = "stock.picking"

    dunning_held = fields.Boolean(
        string="On hold",
        compute="_compute_dunning_held",
        search="_search_dunning_held",
        compute_sudo=True,
    )
    dunning_hold_message = fields.Char(
        string="Hold", compute="_compute_dunning_held", compute_sudo=True
    )
    dunning_held_date = fields.Date(
        string="Held since", readonly=True, copy=False, index="btree_not_null"
    )
    dunning_freed_date = fields.Date(
        string="Released on", readonly=True, copy=False, index="btree_not_null"
    )
    dunning_freed_today = fields.Boolean(
        string="Released today",
        compute="_compute_dunning_freed_today",
        search="_search_dunning_freed_today",
        compute_sudo=True,
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("state", "partner_id", "move_ids")
    @api.depends_context("lang")
    def _compute_dunning_held(self):
        open_pickings = self.filtered(lambda picking: picking.state not in ("done", "cancel"))
        obstacles = open_pickings._origin.move_ids._get_dunning_obstacles("planned")
        companies = {demand.document.id: demand.document.company_id for demand, _hold in obstacles}
        for picking in self:
            company = companies.get(picking._origin.id)
            picking.dunning_held = bool(company)
            picking.dunning_hold_message = company and self.env._(
                "On hold – see the credit department (%s)", company.root_id._get_dunning_contact()
            )

    @api.depends("dunning_held_date", "dunning_freed_date", "dunning_held")
    def _compute_dunning_freed_today(self):
        for picking in self:
            today = picking.company_id.root_id._get_dunning_today()
            freed = picking.dunning_freed_date
            live = picking.dunning_held_date and not freed and not picking.dunning_held
            picking.dunning_freed_today = picking.state not in ("done", "cancel") and bool(
                freed == today or live
            )

    # ------------------------------------------------------------
    # SEARCH
    # ------------------------------------------------------------

    @api.model
    def _search_dunning_held(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("id", "in" if True in value else "not in", self._get_held().ids)]

    @api.model
    def _search_dunning_freed_today(self, operator, value):
        if operator != "in":
            return NotImplemented
        known = self.sudo().search(
            [
                ("state", "not in", ("done", "cancel")),
                "|",
                ("dunning_held_date", "!=", False),
                ("dunning_freed_date", "!=", False),
            ]
        )
        freed = known.filtered("dunning_freed_today")
        return [("id", "in" if True in value else "not in", freed.ids)]

    @api.model
    def _get_held(self):
        """The open transfers that are held now, in the companies of the context, as superuser."""
        held = self.browse()
        for root in self.env.companies.root_id:
            candidates = self.sudo().search(self._get_held_domain(root))
            obstacles = candidates.move_ids._get_dunning_obstacles("planned")
            held = held.union(
                *(demand.document for demand, _hold in obstacles if demand.document in candidates)
            )
        return held.sudo(False)

    @api.model
    def _get_held_domain(self, root):
        """Open transfers to customers that concern a blocked customer of this company tree."""
        blocked = self.env["res.partner"].sudo()._get_dunning_blocked(root)
        anybody = Domain.OR(
            Domain(f"{path}.commercial_partner_id", "in", blocked.ids)
            for path in (
                "partner_id",
                "move_ids.partner_id",
                "move_ids.sale_line_id.order_id.partner_id",
                "move_ids.sale_line_id.order_id.partner_invoice_id",
            )
        )
        return (
            Domain("company_id", "child_of", root.id)
            & Domain("move_ids.state", "in", OPEN_STATES)
            & Domain("move_ids.location_dest_id.usage", "=", "customer")
            & anybody
        )

    # ------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_shown_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_shown_fields(vals)
        return super().write(vals)

    @api.model
    def _check_shown_fields(self, vals):
        """:raise AccessError: what is computed is written from outside"""
        if not self.env.su and SHOWN_FIELDS & vals.keys():
            raise AccessError(self.env._("Whether a delivery is held is computed, not written."))

    # ------------------------------------------------------------
    # THE WAREHOUSE IS TOLD
    # ------------------------------------------------------------

    @api.model
    def _cron_note_holds(self):
        """Note which deliveries are held; of those that are no longer, tell the warehouse."""
        companies = self.env["res.company"]._get_dunning_roots()
        held = self.sudo().with_context(allowed_company_ids=companies.ids)._get_held().sudo()
        noted = self.sudo().search(
            [("dunning_held_date", "!=", False), ("dunning_freed_date", "=", False)]
        )
        for company, pickings in (held - noted).grouped("company_id").items():
            today = company.root_id._get_dunning_today()
            pickings.write({"dunning_held_date": today, "dunning_freed_date": False})
        still_open = noted.filtered(lambda picking: picking.state not in ("done", "cancel"))
        (still_open - held)._note_freed()

    @api.model
    def _note_freed_of(self, customers, root):
        """Tell the warehouse which held deliveries of these customers may go now."""
        candidates = self.sudo().search(self._get_held_domain(root))
        concerned = candidates.filtered(
            lambda picking: any(
                move._get_dunning_customers() & customers for move in picking.move_ids
            )
        )
        obstacles = concerned.move_ids._get_dunning_obstacles("planned")
        held = concerned.browse().union(*(demand.document for demand, _hold in obstacles))
        (concerned - held)._note_freed()

    def _note_freed(self):
        """These may go: in their chatter, on today's list, and a task for who is in charge."""
        for picking in self.sudo():
            picking.dunning_freed_date = picking.company_id.root_id._get_dunning_today()
            summary = picking.env._("No longer on hold: may be shipped")
            picking._message_log(body=summary)
            if picking.user_id:
                picking.activity_schedule(
                    "mail.mail_activity_data_todo", summary=summary, user_id=picking.user_id.id
                )
