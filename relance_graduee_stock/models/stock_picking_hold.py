import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.relance_graduee.models.common.groups import INTERNAL_GROUP

from .stock_move_demand import OPEN_STATES

_logger = logging.getLogger(__name__)

BATCH_SIZE = 200  # orders, with their transfers, noted in one transaction
SHOWN_FIELDS = {
    "dunning_held", "dunning_hold_message", "dunning_held_date", "dunning_freed_date",
    "dunning_freed_today",
}  # fmt: skip


class StockPicking(models.Model):
    """The hold as the warehouse sees it, without amounts. Code that decides asks the guard."""

    _inherit = "stock.picking"

    dunning_held = fields.Boolean(
        string="On hold",
        compute="_compute_dunning_held",
        search="_search_dunning_held",
        compute_sudo=True,
        groups=INTERNAL_GROUP,
    )
    dunning_hold_message = fields.Char(
        string="Hold",
        compute="_compute_dunning_held",
        compute_sudo=True,
        groups=INTERNAL_GROUP,
    )
    dunning_held_date = fields.Date(
        string="Held since",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=INTERNAL_GROUP,
    )
    dunning_freed_date = fields.Date(
        string="Released on",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=INTERNAL_GROUP,
    )
    dunning_freed_today = fields.Boolean(
        string="Released today",
        compute="_compute_dunning_freed_today",
        search="_search_dunning_freed_today",
        compute_sudo=True,
        groups=INTERNAL_GROUP,
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
            picking.dunning_hold_message = company and picking._origin._get_hold_words(company)

    def _get_hold_words(self, company):
        """The cause of the hold, whom to ask, and the reservation: no amounts."""
        words = self.env._(
            "On hold – see the credit department (%s)", company.root_id._get_dunning_contact()
        )
        reservation = self._get_reservation_words()
        return f"{words}. {reservation}" if reservation else words

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
        self._check_field_access(self._fields["dunning_held"], "read")
        if operator != "in":
            return NotImplemented
        return [("id", "in" if True in value else "not in", self._get_held().ids)]

    @api.model
    def _search_dunning_freed_today(self, operator, value):
        self._check_field_access(self._fields["dunning_freed_today"], "read")
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
            held |= self.sudo().search(self._get_held_domain(root))._filter_held()
        return held.sudo(False)

    def _filter_held(self):
        """Of these open transfers, those that the guard holds now."""
        obstacles = self.move_ids._get_dunning_obstacles("planned")
        documents = [demand.document for demand, _hold in obstacles]
        return self.browse().union(*(document for document in documents if document in self))

    @api.model
    def _get_held_domain(self, root):
        """Open transfers to customers that concern a blocked customer of this company tree."""
        return self._get_leaving_domain(root) & self._get_blocked_domain(root)

    @api.model
    def _get_blocked_domain(self, root):
        """Transfers that concern a blocked customer of this company tree."""
        blocked = self.env["res.partner"].sudo()._get_dunning_blocked(root)
        return Domain.OR(
            Domain(f"{path}.commercial_partner_id", "in", blocked.ids)
            for path in (
                "partner_id",
                "move_ids.partner_id",
                "move_ids.sale_line_id.order_id.partner_id",
                "move_ids.sale_line_id.order_id.partner_invoice_id",
                "sale_id.partner_id",
                "sale_id.partner_invoice_id",
            )
        )

    @api.model
    def _get_leaving_domain(self, root):
        """Open transfers of this company tree that take goods to customers."""
        leaving = Domain("move_ids.location_dest_id.usage", "=", "customer")
        if root._holds_dunning_reservations():
            leaving |= Domain("move_ids.location_final_id.usage", "=", "customer")
        return (
            Domain("company_id", "child_of", root.id)
            & Domain("move_ids.state", "in", OPEN_STATES)
            & leaving
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
        roots = self.env["res.company"]._get_dunning_roots()
        pickings = self.sudo().with_context(allowed_company_ids=roots.ids)
        for root in roots:
            in_time = self.env["dunning.batch"]._do_all(
                pickings,
                "_note_holds",
                pickings._get_ids_to_note(root),
                BATCH_SIZE,
                on_failure="_log_unnoted",
                arguments=[root.id],
            )
            if not in_time:
                return

    @api.model
    def _get_ids_to_note(self, root):
        """Transfers whose hold began or ended, or whose reservation ends: one of each order."""
        noted = Domain("dunning_held_date", "!=", False) & Domain("dunning_freed_date", "=", False)
        still_open = Domain("state", "not in", ("done", "cancel"))
        known = self.search(noted & still_open & Domain("company_id", "child_of", root.id))
        held = self.search(self._get_held_domain(root))._filter_held()
        changed = (held - known) | (known - held) | held._get_dunning_late_moves().picking_id
        groups = changed.grouped(lambda picking: picking.sale_id or picking)
        return [pickings[0].id for pickings in groups.values()]

    @api.model
    def _note_holds(self, ids, root_id):
        """Post the state of these transfers and the others of their orders, in one message."""
        root = self.env["res.company"].browse(root_id)
        chosen = self.browse(ids).exists()
        own = Domain("company_id", "child_of", root_id)
        pickings = (chosen | chosen.sale_id.picking_ids).filtered_domain(own)
        leaving = Domain("id", "in", pickings.ids) & self._get_leaving_domain(root)
        held = self.search(leaving)._filter_held()
        noted = pickings.filtered(lambda p: p.dunning_held_date and not p.dunning_freed_date)
        (held - noted).write(
            {"dunning_held_date": root._get_dunning_today(), "dunning_freed_date": False}
        )
        held._free_dunning_reservations()
        still_open = noted.filtered(lambda picking: picking.state not in ("done", "cancel"))
        (still_open - held)._note_freed()

    @api.model
    def _log_unnoted(self, picking_id, error, _root_id):
        _logger.error("Whether the transfer %s is held was not noted", picking_id, exc_info=error)

    @api.model
    def _note_freed_of(self, customers, root):
        """Tell who is concerned which deliveries of these customers may go now, by a release.

        Not those that were never held (prepaid, exempt), nor those that another had freed.
        """
        moves = self.sudo().search(self._get_held_domain(root)).move_ids
        moves = moves._filter_dunning_blocked(root).filtered(
            lambda move: move._get_dunning_customers() & customers
        )
        demands = moves._get_dunning_demands("planned")
        obstacles = self.env["dunning.guard"]._get_obstacles(root, demands)
        asking = self.sudo().union(*(demand.document for demand in demands))
        held = self.sudo().union(*(demand.document for demand, _hold in obstacles))
        (asking - held).filtered(lambda picking: not picking.dunning_freed_date)._note_freed()

    def _note_freed(self):
        """Announce released transfers: chatter, today's list, user in charge and salesperson."""
        for picking in self.sudo():
            company = picking.company_id.root_id
            picking.dunning_freed_date = company._get_dunning_today()
            words = picking.with_context(lang=company.partner_id.lang or self.env.lang)
            picking._message_log(body=words.env._("No longer on hold: may be shipped"))
            user = company._filter_dunning_able(picking.user_id)
            if user:
                words = picking.with_context(lang=user.lang or self.env.lang)
                summary = words.env._("No longer on hold: may be shipped")
                company._schedule_dunning_task(picking, user, summary)
        self._reserve_freed()
        for record, user, names in self._group_for_salespeople():
            record.message_notify(
                partner_ids=user.partner_id.ids,
                subject=record.env._("%s: no longer on hold", record.display_name),
                body=record.env._("%s: no longer on hold, may be shipped.", names),
            )

    def _group_for_salespeople(self):
        """Records on which salespeople are notified: the order, else each transfer.

        :return: list of (order or transfer in the language of the user, user, names of transfers)
        """
        groups = []
        for order, pickings in self.sudo().grouped("sale_id").items():
            for record in order or pickings:
                concerned = pickings if order else record
                user = concerned[0]._get_dunning_salesperson()
                record = record.with_context(lang=user.lang or self.env.lang)
                groups.append((record, user, ", ".join(concerned.mapped("name"))))
        return groups
