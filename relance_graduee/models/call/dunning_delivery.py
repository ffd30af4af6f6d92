from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ..common.groups import INTERNAL_GROUP, USER_GROUP
from ..common.words import labelled
from ..item.dunning_item import DAY
from .dunning_channel_phone import NO_CALL_OUTCOMES

LAST_CONTACTS = 3
NOTE_LENGTH = 120


class DunningDelivery(models.Model):
    """Calls and visits: what the caller has to know, and that nothing stays stuck."""

    _inherit = "dunning.delivery"

    source_notice_id = fields.Many2one(
        "dunning.notice",
        string="About",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
        help="The notice that a further call is about: its own delivery was done.",
    )
    amount_owed = fields.Monetary(
        string="Owed",
        compute="_compute_owed",
        compute_sudo=True,
        groups=INTERNAL_GROUP,
        help="Open today.",
    )
    days_late = fields.Integer(compute="_compute_owed", compute_sudo=True, groups=INTERNAL_GROUP)
    call_script = fields.Text(
        compute="_compute_call_script", compute_sudo=True, groups=INTERNAL_GROUP
    )
    last_contacts = fields.Text(
        compute="_compute_last_contacts", compute_sudo=True, groups=INTERNAL_GROUP
    )
    called_today = fields.Char(
        compute="_compute_called_today", compute_sudo=True, groups=INTERNAL_GROUP
    )

    @api.model_create_multi
    def create(self, vals_list):
        deliveries = super().create(vals_list)
        deliveries._show_visit_menu()
        return deliveries

    def write(self, vals):
        result = super().write(vals)
        if "user_id" in vals:
            self._show_visit_menu()
        if vals.get("state") in ("done", "cancelled"):
            visits = self.sudo().filtered(lambda d: d.channel == "visit")
            self.env["dunning.channel.visit"].sudo()._end_tasks(visits)
        return result

    # ------------------------------------------------------------
    # VISITORS
    # ------------------------------------------------------------

    @api.model
    def _needs_visit_menu(self, user):
        """Whether ``user`` was given visits or calls and has no list of all of them."""
        if user.has_group(USER_GROUP):
            return False
        own = [("user_id", "=", user.id), ("is_by_person", "=", True)]
        return bool(self.sudo().search_count(own, limit=1))

    def _show_visit_menu(self):
        """Menus are cached for each user: whoever is given the first visit is to find it."""
        given = self.sudo().filtered(
            lambda d: d.is_by_person and d.user_id and not d.user_id.has_group(USER_GROUP)
        )
        if not given:
            return
        known = self.sudo()._read_group(
            [
                ("user_id", "in", given.user_id.ids),
                ("is_by_person", "=", True),
                ("id", "not in", given.ids),
            ],
            ["user_id"],
        )
        if given.user_id - self.env["res.users"].union(*(user for (user,) in known)):
            self.env.registry.clear_cache()

    # ------------------------------------------------------------
    # INFORMATION FOR THE CALLER
    # ------------------------------------------------------------

    @api.depends("notice_id", "source_notice_id", "state", "channel")
    @api.depends_context(*DAY)
    def _compute_owed(self):
        """From the items of an open call or visit that are still to be paid today."""
        open_calls = self.filtered(lambda d: d.state == "todo" and d.is_by_person)
        items = open_calls._get_open_items()
        for delivery in self:
            own = items.get(delivery, [])
            delivery.amount_owed = sum(row["amount"] for row in own)
            delivery.days_late = max((row["days_late"] for row in own), default=0)

    def _get_open_items(self):
        """Items of these deliveries that may still be asked for, as the decision sees it.

        :return: dict delivery -> list of dicts (``line``: ``dunning.notice.line``, ``amount``
            in the notice's currency, credits taken off, with its penalties; ``days_late``).
            One query for all
        """
        told = {delivery: delivery._get_told_notice()._get_told_lines() for delivery in self}
        partners = self.partner_id.commercial_partner_id
        if not any(told.values()):
            return {}
        decision = self.env["dunning.decision"]
        left_alone = decision._get_hold_codes(may_be_asked=False)
        rows = decision._get_rows(
            partners.ids, self.company_id.root_id.ids, SQL("amount_residual > amount_covered")
        )
        rows = {row["id"]: row for row in rows if row["hold_reason"] not in left_alone}
        return {
            delivery: [
                self._prepare_open_item(line, rows[line.move_line_id.id])
                for line in lines
                if line.move_line_id.id in rows
            ]
            for delivery, lines in told.items()
        }

    @api.model
    def _prepare_open_item(self, line, row):
        penalties = line.amount_interest + line.amount_indemnity
        return {
            "line": line,
            "amount": float(row["amount_residual"] - row["amount_covered"]) + penalties,
            "days_late": row["days_late"],
        }

    def _get_told_notice(self):
        """The notices of these, or those that further calls come back to."""
        return super()._get_told_notice() or self.source_notice_id

    @api.model
    def _get_notice_fields(self):
        return super()._get_notice_fields() | {"source_notice_id"}

    @api.depends("source_notice_id.currency_id")
    def _compute_currency_id(self):
        return super()._compute_currency_id()

    def _get_notice_in_question(self):
        """The notice that this tells of; for a contact by hand the customer's last one."""
        self.ensure_one()
        return self._get_told_notice() or self.env["dunning.notice"].search(
            [
                ("partner_id", "child_of", self.partner_id.commercial_partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "in", ("approved", "sent")),
            ],
            order="date desc, id desc",
            limit=1,
        )

    @api.depends("notice_id.step_id.call_script", "source_notice_id.step_id.call_script")
    @api.depends_context("lang")
    def _compute_call_script(self):
        for delivery in self:
            notice = delivery._get_told_notice()
            delivery.call_script = notice._get_call_script() if notice else False

    def _get_task_note(self):
        return self.call_script or super()._get_task_note()

    @api.depends("partner_id", "company_id", "state")
    @api.depends_context("lang")
    def _compute_last_contacts(self):
        """The last exchanges with the customer, latest first, one a line. One query for all."""
        histories = self._get_histories()
        for delivery in self:
            customer = delivery.partner_id.commercial_partner_id
            history = histories.get((customer.id, delivery.company_id.id), ())
            # one by one: a recordset made of some would fetch for each customer
            others = [contact for contact in history if contact != delivery]
            words = (contact._describe_contact() for contact in others[:LAST_CONTACTS])
            delivery.last_contacts = "\n".join(words) or False

    def _get_histories(self):
        """(customer id, company id) -> what was last handed over or done, latest first.

        One more than is shown: a delivery leaves itself out.
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT customer_id, company_id, array_agg(id ORDER BY rank)
                  FROM (SELECT p.commercial_partner_id AS customer_id, d.company_id, d.id,
                               row_number() OVER (
                                   PARTITION BY p.commercial_partner_id, d.company_id
                                   ORDER BY COALESCE(d.date_contact, d.date_done) DESC, d.id DESC
                               ) AS rank
                          FROM dunning_delivery d JOIN res_partner p ON p.id = d.partner_id
                         WHERE p.commercial_partner_id = ANY(%s) AND d.company_id = ANY(%s)
                           AND COALESCE(d.date_contact, d.date_done) IS NOT NULL
                           AND d.state IN ('todo', 'done') AND d.channel = ANY(%s)
                           AND NOT COALESCE(d.is_accountant_copy, false)
                           AND COALESCE(d.outcome, '') != 'not_done'
                           AND NOT EXISTS (SELECT 1 FROM dunning_delivery c
                                            WHERE c.corrects_id = d.id AND c.state = 'done')
                       ) AS said
                 WHERE rank <= %s
              GROUP BY customer_id, company_id
                """,
                self.partner_id.commercial_partner_id.ids,
                self.company_id.ids,
                self.env["dunning.channel"]._get_channels(reaches_customer=True),
                LAST_CONTACTS + 1,
            )
        )
        together = [each for _customer, _company, ids in rows for each in ids]
        return {
            (customer, company): self.browse(ids).with_prefetch(together)
            for customer, company, ids in rows
        }

    def _describe_contact(self):
        """One exchange in one line: day, channel, outcome, who began, note."""
        labels = dict(self._fields["outcome"]._description_selection(self.env))
        outcome = "sent" if self.state == "todo" else self.outcome  # queued
        day = format_date(self.env, self.date_contact or self.date_done)
        note = " ".join((self.note or "").split())
        said = [
            self.is_incoming and self.env._("by the customer"),
            outcome not in (False, "other") and labels[outcome],
            note if len(note) <= NOTE_LENGTH else f"{note[:NOTE_LENGTH]}…",
        ]
        said = " – ".join(filter(None, said)) or self._get_done_words()
        return labelled(self.env, f"{day} – {self.channel_label}", said)

    @api.depends("partner_id", "company_id", "state")
    @api.depends_context("lang", *DAY)
    def _compute_called_today(self):
        """A warning where the customer was already on the telephone today."""
        calls = defaultdict(self.browse)
        for company, deliveries in self.grouped("company_id").items():
            for call in deliveries._get_calls_of(company._get_dunning_day()):
                calls[company, call.partner_id.commercial_partner_id] |= call
        for delivery in self:
            customer = delivery.partner_id.commercial_partner_id
            today = calls[delivery.company_id, customer] - delivery
            delivery.called_today = today[0]._get_called_words() if today else False

    def _get_called_words(self):
        user = self._get_doer().name
        if self.is_incoming:
            return self.env._("Called us today (%s)", user)
        return self.env._("Called today by %s", user)

    def _get_calls_of(self, day):
        """Calls to or from the customers of these deliveries (one company) on ``day``."""
        return self.search(
            [
                ("channel", "=", "phone"),
                ("state", "=", "done"),
                ("date_done", "=", day),
                ("outcome", "not in", NO_CALL_OUTCOMES),
                ("partner_id", "child_of", self.partner_id.commercial_partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ],
            order="is_incoming, id desc",
        )

    def _get_doer(self):
        return self.done_by_id or self.user_id

    # ------------------------------------------------------------
    # ONE CALL ABOUT EVERYTHING
    # ------------------------------------------------------------

    def _get_siblings(self, day):
        """Other calls planned for the same customer up to ``day``: one call covers them all.

        None for a contact by hand, which is about no notice.
        """
        self.ensure_one()
        if not self._get_told_notice():
            return self.browse()
        return self._search_planned(self.partner_id, self.company_id, day, self.channel) - self

    @api.model
    def _search_planned(self, partner, company, day, channel="phone"):
        """Open calls (or visits) to this customer about a notice, planned up to ``day``."""
        return self.search(
            [
                ("channel", "=", channel),
                ("state", "=", "todo"),
                "|",
                ("notice_id", "!=", False),
                ("source_notice_id", "!=", False),
                ("partner_id", "child_of", partner.commercial_partner_id.ids),
                ("company_id", "=", company.id),
                ("date_planned", "<=", day),
            ],
            order="date_planned, id",
        )

    def _close_with(self, delivery, day):
        """Close these with ``delivery``, which said the same; looked at again before."""
        self._look_again(day)
        still = self.filtered(lambda d: d.state == "todo")
        still.write({"done_by_id": delivery.done_by_id.id, "is_incoming": delivery.is_incoming})
        still._set_done(day, delivery.outcome, delivery.note)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_close_call(self):
        """Open the form in which the outcome of a call or visit is entered."""
        self.ensure_one()
        wizard = self.env["dunning.call"].create({"delivery_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Outcome: %s", self.partner_id.display_name),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    # ------------------------------------------------------------
    # SCHEDULED
    # ------------------------------------------------------------

    @api.model
    def _get_overdue_tasks(self, company):
        """Calls and visits that nobody did in ``dunning_task_days`` working days."""
        day = company._get_dunning_day()
        late = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("is_by_person", "=", True),
                ("state", "=", "todo"),
                ("date_planned", "<", day),
                "|",
                ("notice_id", "!=", False),
                ("source_notice_id", "!=", False),
            ]
        )
        return late.filtered(
            lambda d: (
                company._add_dunning_working_days(d.date_planned, company.dunning_task_days) <= day
            )
        )

    def _close_overdue(self):
        """Their notices count as sent: the ladder goes on, and the manager is told."""
        for delivery in self:
            delivery._set_done(delivery.company_id._get_dunning_today(), "not_done")
            delivery._schedule_task(
                self.env._("Not done in time: %s", delivery.display_name),
                user=delivery.company_id._get_dunning_manager(),
            )

    @api.model
    def _get_further_calls(self, company):
        """Calls to come that are about something said before, and of no notice of their own."""
        return self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("source_notice_id", "!=", False),
                ("state", "=", "todo"),
            ]
        )

    def _cancel_settled(self):
        """Call off those about something of which nothing is open any more.

        :return: those that were called off
        """
        items = self._get_open_items()
        settled = self.filtered(lambda d: not items.get(d))
        settled._cancel()
        for delivery in settled:
            words = self.env._("Called off: nothing is left to ask for.")
            delivery.note = "\n".join(filter(None, (delivery.note, words)))
        return settled
