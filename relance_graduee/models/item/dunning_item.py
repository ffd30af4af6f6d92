from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date
from odoo.tools.misc import formatLang

from .hold_reason import get_hold_selection

# Fields that depend on the day the question is asked for must say so: the cache would otherwise
# answer for another day.
DAY = ("dunning_date",)
# Age -> the most days late that it takes in; what is older is of the last one.
AGE_DAYS = {"not_due": 0, "1_30": 30, "31_60": 60, "61_90": 90}
AGE_BUCKETS = [
    ("not_due", "Not due"),
    ("1_30", "1 to 30 days"),
    ("31_60", "31 to 60 days"),
    ("61_90", "61 to 90 days"),
    ("90_more", "More than 90 days"),
    ("credit", "Credits"),
]


class DunningItem(models.Model):
    """The answer of ``dunning.decision`` for each open instalment; ``id`` is the move line's.

    Read-only, made afresh at each read. Context ``dunning_date`` is the day the question is
    asked for (default: today in the company's time zone); ``dunning_partner_ids`` restricts the
    innermost scan, and whoever asks for one customer must set it: window functions keep filters
    from going down.
    """

    _name = "dunning.item"
    _description = "Open item"
    _auto = False
    _order = "date_maturity, id"
    _rec_name = "move_line_id"

    move_line_id = fields.Many2one("account.move.line", string="Journal item", readonly=True)
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    line_company_id = fields.Many2one("res.company", string="Branch", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company currency"
    )
    invoice_date = fields.Date(readonly=True)
    date_maturity = fields.Date(string="Due date", readonly=True)
    days_late = fields.Integer(readonly=True, aggregator="max", depends_context=DAY)
    age = fields.Selection(AGE_BUCKETS, readonly=True, depends_context=DAY)
    amount_residual = fields.Monetary(string="Open amount", readonly=True)
    amount_residual_company = fields.Monetary(
        string="Open amount (company currency)",
        currency_field="company_currency_id",
        readonly=True,
    )
    amount_covered = fields.Monetary(
        string="Covered by credits",
        readonly=True,
        help="Money held for the customer.",
        depends_context=DAY,
    )
    policy_id = fields.Many2one("dunning.policy", readonly=True, depends_context=DAY)
    step_id = fields.Many2one("dunning.step", string="Last step", readonly=True)
    step_date = fields.Date(string="Last step on", readonly=True)
    next_step_id = fields.Many2one("dunning.step", readonly=True, depends_context=DAY)
    next_date = fields.Date(string="Next step on", readonly=True, depends_context=DAY)
    hold_reason = fields.Selection(
        get_hold_selection, string="Why not", readonly=True, depends_context=DAY
    )
    hold_detail = fields.Char(string="Where it stands", compute="_compute_hold_detail")
    user_id = fields.Many2one(
        "res.users", string="Collector", compute="_compute_user_id", search="_search_user_id"
    )

    @property
    def _table_query(self):
        return SQL(
            "SELECT decision.*, %s AS age FROM (%s) AS decision",
            self._get_age_sql(),
            self.env["dunning.decision"]._get_shown_query(),
        )

    @api.model
    def _get_age_sql(self):
        """The code of ``AGE_BUCKETS`` of a row of the decision: over its columns."""
        return SQL(
            "CASE WHEN amount_residual < 0 THEN 'credit' %s ELSE '90_more' END",
            SQL(" ").join(
                SQL("WHEN days_late <= %s THEN %s", days, code) for code, days in AGE_DAYS.items()
            ),
        )

    # ------------------------------------------------------------
    # STANDING
    # ------------------------------------------------------------

    @api.depends("hold_reason", "next_date", "next_step_id")
    @api.depends_context("dunning_date", "lang")
    def _compute_hold_detail(self):
        facts = self._get_detail_facts()
        reasons = self.env["dunning.decision"]._get_reason_by_code()
        for item in self:
            maker = getattr(self, f"_get_detail_{item.hold_reason or 'ready'}", None)
            if maker:
                item.hold_detail = maker(item, facts.get(item.id, {}))
            else:
                reason = reasons[item.hold_reason]
                item.hold_detail = self.env._(reason.sentence or reason.label)

    def _get_detail_facts(self):
        """The columns of the decision that sentences need and fields do not show, by item id."""
        rows = self.env["dunning.decision"]._get_rows(
            partner_ids=self.partner_id.ids, where=SQL("id = ANY(%s)", self.ids)
        )
        return {row["id"]: row for row in rows}

    def _get_detail_ready(self, item, facts):
        day = item.company_id._get_dunning_day()
        if day != item.company_id._get_dunning_today():
            return self._get_detail_on(item, day)
        return self.env._("Today: %s", item.next_step_id.name)

    def _get_detail_excluded(self, item, facts):
        if not item.partner_id:
            return self.env._("Nothing: no customer on this entry")
        if item.move_id.payment_state == "in_payment":
            return self.env._("Nothing: a payment is being processed")
        if item.move_id.payment_state == "blocked":
            return self.env._("Nothing: the invoice is blocked")
        return self.env._("Nothing: excluded from reminders")

    def _get_detail_insolvency(self, item, facts):
        return self.env._(
            "Nothing: insolvency proceedings since %s",
            self._format(item.partner_id.insolvency_date),
        )

    def _get_detail_paused(self, item, facts):
        partner = item.partner_id.sudo().with_company(item.company_id)
        return self.env._("Paused until %s", self._format(partner.dunning_paused_until))

    def _get_detail_covered(self, item, facts):
        if item.amount_residual < 0:
            return self.env._("Credit held for the customer")
        amount = formatLang(self.env, item.amount_covered, currency_obj=item.currency_id)
        return self.env._("Nothing: covered by a credit of %s", amount)

    def _get_detail_last_step_done(self, item, facts):
        if item.step_date:
            day = self._format(item.step_date)
            return self.env._("To decide: the last step was done on %s", day)
        if item.policy_id.step_ids:
            return self.env._(
                "To decide: no step of the policy “%s” applies to this item", item.policy_id.name
            )
        return self.env._(
            "To decide: the policy “%s” has no step, add some or give another policy",
            item.policy_id.name,
        )

    def _get_detail_not_due(self, item, facts):
        return self._get_detail_on(item, item.next_date)

    def _get_detail_on(self, item, day):
        """Which step comes on ``day``."""
        return self.env._(
            "%(step)s on %(date)s", step=item.next_step_id.name, date=self._format(day)
        )

    def _get_detail_waiting(self, item, facts):
        return self._get_wait_sentence(item, facts) or self._get_detail_not_due(item, facts)

    def _get_wait_sentence(self, item, facts):
        """The condition of the next step to show, in words, or None. To extend."""
        if facts.get("tone_until") and facts["tone_until"] > facts["day"]:
            return self.env._("Waiting: joins the customer's next reminder")
        return None

    def _get_speaking(self, key):
        """Which of these items says what comes next for an invoice, or a customer.

        What is ready, else what goes on by itself, else what is held: what is disputed has a next
        date too, but it is not what comes next. Of these the one whose step comes first.

        :param key: field name, or function of an item: as of ``grouped``
        :return: dict of the values of ``key`` to one item each
        """
        reasons = self.env["dunning.decision"]._get_reason_by_code()

        def rank(item):
            reason = reasons.get(item.hold_reason)
            is_held = bool(reason and not reason.goes_on)
            return is_held, bool(reason), item.next_date or date.max, reason.place if reason else 0

        ranked = self.sorted(rank).grouped(key)
        # not ``[:1]``, which forgets the others: each would then be read by itself
        return {value: next(iter(items)) for value, items in ranked.items()}

    def _format(self, day):
        return format_date(self.env, day)

    # ------------------------------------------------------------
    # COLLECTOR
    # ------------------------------------------------------------

    @api.depends("partner_id", "company_id")
    def _compute_user_id(self):
        for item in self:
            partner = item.partner_id.sudo().with_company(item.company_id)
            item.user_id = partner.dunning_user_id

    @api.model
    def _search_user_id(self, operator, value):
        return [("partner_id.dunning_user_id", operator, value)]

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_open_move(self):
        self.ensure_one()
        return self.move_id._get_records_action()

    def action_exclude(self):
        return self._get_change_action("exclude")

    def action_include(self):
        return self._get_change_action("include")

    def action_move_step(self):
        return self._get_change_action("step")

    def action_pause(self):
        return self._get_change_action("pause")

    def action_restart(self):
        return self._get_change_action("restart")

    def action_dispute(self):
        return self._get_change_action("dispute")

    def action_undispute(self):
        return self._get_change_action("undispute")

    def action_accept(self):
        return self._get_change_action("accept")

    def action_resume(self):
        return self._get_change_action("resume")

    def _get_change_action(self, change):
        if not self:
            raise UserError(self.env._("Choose at least one item."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change chosen items"),
            "res_model": "dunning.item.change",
            "view_mode": "form",
            "target": "new",
            "context": {
                **self.env.context,
                "default_change": change,
                "default_move_line_ids": self.ids,
            },
        }
