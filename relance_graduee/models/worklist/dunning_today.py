from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..common.groups import MANAGER_GROUP
from ..notice.dunning_delivery import PERSON_CHANNELS, POST_CHANNELS
from ..notice.dunning_notice import LIVE_STATES

# In the order of the morning. A section's id is its place here: it never changes within a day.
SECTIONS = [
    ("discovery", "Discovery mode: reminders are proposed, nothing is sent"),
    ("undelivered", "E-mails that came back, letters not posted"),
    ("past_deadline", "Formal notices past their deadline"),
    ("calls", "Calls and visits to make"),
    ("letters", "Letters to print and post"),
    ("formal_to_approve", "Formal notices to approve"),
    ("to_approve", "Reminders to approve"),
    ("handover", "Files to hand over"),
    ("pauses", "Pauses that end within 3 days"),
    ("to_decide", "To decide: the last step is done"),
    ("not_sent", "Reminders that could not be sent"),
    ("no_policy", "Customers without a policy"),
]
# Sections read from the decision: section -> the hold reason that makes an item part of it.
ITEM_SECTIONS = {"to_decide": "last_step_done", "no_policy": "no_policy", "pauses": "paused"}
PAUSE_DAYS = 3
# A message that came back longer ago than this is no longer news.
FAILED_DAYS = 30
# What the figures of a row depend on, besides the database.
CONTEXT_KEYS = ("allowed_company_ids", "dunning_date", "dunning_mine", "uid")


class DunningToday(models.Model):
    """The collector's morning page: a row a section, with how many and how much. Read-only.

    Sections of notices and deliveries are domains (``_get_domains``), counted in SQL and opened
    as lists by the same domain: the list always holds what the card says. Sections of items
    come from the decision, which is made once for all of them. Amounts are what is still open,
    in the company's currency. Context ``dunning_mine`` keeps the user's own customers.
    """

    _name = "dunning.today"
    _description = "Dunning today"
    _auto = False
    _order = "id"
    _rec_name = "section"

    section = fields.Selection(SECTIONS, readonly=True)
    count = fields.Integer(
        string="Number", readonly=True, depends_context=CONTEXT_KEYS, aggregator=None
    )
    amount = fields.Monetary(
        string="Open amount", readonly=True, depends_context=CONTEXT_KEYS, aggregator=None
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    can_open = fields.Boolean(compute="_compute_can_open")

    @api.depends_context("company")
    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    @api.depends("section")
    @api.depends_context("uid")
    def _compute_can_open(self):
        """The page that ends discovery is for managers; every list is for everybody here."""
        is_manager = self.env.user.has_group(MANAGER_GROUP)
        for row in self:
            row.can_open = is_manager or row.section != "discovery"

    # ------------------------------------------------------------
    # THE QUERY
    # ------------------------------------------------------------

    @property
    def _table_query(self):
        sections = [
            *(self._get_record_section_sql(*found) for found in self._get_domains().items()),
            *(self._get_item_section_sql(section) for section in ITEM_SECTIONS),
        ]
        if self._is_discovery():
            sections.append(self._get_discovery_sql())
        return SQL(
            "WITH rate AS (%s), item AS MATERIALIZED (%s) %s",
            self._get_rate_sql(),
            self._get_item_sql(),
            SQL(" UNION ALL ").join(sections),
        )

    @api.model
    def _get_companies(self):
        return self.env.companies.root_id

    @api.model
    def _is_discovery(self):
        return "discovery" in self._get_companies().sudo().mapped("dunning_mode")

    @api.model
    def _get_rate_sql(self):
        """Company id -> what turns its amounts into those of the current company."""
        companies = (
            self.env["res.company"].sudo().search([("id", "child_of", self._get_companies().ids)])
        )
        return SQL(
            "SELECT company_id, rate FROM %s",
            self.env["res.currency"].sudo()._get_simple_currency_table(companies),
        )

    @api.model
    def _get_row_sql(self, section, count, amount):
        return SQL(
            "SELECT %s AS id, %s AS section, %s AS count, COALESCE(%s, 0)::numeric AS amount",
            self._get_section_id(section),
            section,
            count,
            amount,
        )

    @api.model
    def _get_section_id(self, section):
        return [code for code, _label in SECTIONS].index(section) + 1

    @api.model
    def _get_discovery_sql(self):
        """No figures: it only says so, above everything."""
        return self._get_row_sql("discovery", SQL("0"), SQL("0"))

    @api.model
    def _get_record_section_sql(self, section, found):
        """How many notices or deliveries ``found`` (model name, domain), and what is still open.

        An item that stands on several of them counts once.
        """
        model, domain = found
        query = self.env[model]._search(domain)
        notices = query.subselect() if model == "dunning.notice" else query.subselect("notice_id")
        amount = SQL(
            """(SELECT SUM(open.amount_residual * rate.rate)
                  FROM account_move_line open JOIN rate ON rate.company_id = open.company_id
                 WHERE open.id IN (
                       SELECT said.move_line_id FROM dunning_notice_line said
                        WHERE said.live AND said.claimed AND said.notice_id IN %s))""",
            notices,
        )
        return self._get_row_sql(
            section, SQL("(SELECT count(*) FROM (%s) AS found)", query.select()), amount
        )

    @api.model
    def _get_item_sql(self):
        """The items that sections tell of, from the decision, made once."""
        mine = SQL()
        if self.env.context.get("dunning_mine"):
            mine = SQL("AND partner_id IN %s", self._get_own_partners_query().subselect())
        return SQL(
            """SELECT company_id, partner_id, hold_reason, amount_residual_company
                 FROM (%s) AS decision
                WHERE hold_reason IN %s AND amount_residual > 0 AND line_company_id = ANY(%s) %s""",
            self.env["dunning.decision"]._get_query(company_ids=self._get_companies().ids),
            tuple(ITEM_SECTIONS.values()),
            self.env.companies.ids,
            mine,
        )

    @api.model
    def _get_item_section_sql(self, section):
        """Items that wait for a decision are counted one by one, the others by customer."""
        only = SQL()
        if section == "pauses":
            ending = [
                SQL(
                    "(item.company_id = %s AND item.partner_id IN %s)",
                    company.id,
                    query.subselect(),
                )
                for company, query in self._get_pause_queries()
            ]
            only = SQL("AND (%s)", SQL(" OR ").join(ending))
        count = (
            "count(*)"
            if section == "to_decide"
            else "count(DISTINCT (item.company_id, partner_id))"
        )
        return SQL(
            "%s FROM item JOIN rate ON rate.company_id = item.company_id WHERE hold_reason = %s %s",
            self._get_row_sql(section, SQL(count), SQL("SUM(amount_residual_company * rate.rate)")),
            ITEM_SECTIONS[section],
            only,
        )

    @api.model
    def _get_own_partners_query(self):
        return self.env["res.partner"].sudo()._search([("dunning_user_id", "=", self.env.uid)])

    @api.model
    def _get_pause_queries(self):
        """Pairs (root company, query of the partners whose pause ends soon there)."""
        return [
            (company, self.env["res.partner"].sudo().with_company(company)._search(
                [
                    ("dunning_paused_until", ">=", company._get_dunning_day()),
                    (
                        "dunning_paused_until",
                        "<=",
                        company._get_dunning_day() + timedelta(days=PAUSE_DAYS),
                    ),
                ]
            ))
            for company in self._get_companies()
        ]  # fmt: skip

    # ------------------------------------------------------------
    # SECTIONS AS DOMAINS
    # ------------------------------------------------------------

    @api.model
    def _get_domains(self):
        """Section -> (model name, domain) of what it counts and opens."""
        day = self.env.company._get_dunning_day()
        notice, delivery = "dunning.notice", "dunning.delivery"
        proposed = Domain("state", "=", "proposed") & Domain("failure_reason", "=", False)
        domains = {
            "undelivered": (delivery, self._get_undelivered_domain(day)),
            "past_deadline": (notice, self._get_past_deadline_domain(day)),
            "calls": (
                delivery,
                Domain("state", "=", "todo")
                & Domain("channel", "in", PERSON_CHANNELS)
                & Domain("date_planned", "<=", day),
            ),
            "letters": (
                delivery,
                Domain("state", "=", "todo")
                & Domain("channel", "in", POST_CHANNELS)
                & Domain("date_planned", ">=", day),
            ),
            "formal_to_approve": (notice, proposed & Domain("is_formal_notice", "=", True)),
            "to_approve": (notice, proposed & Domain("is_formal_notice", "=", False)),
            "handover": (
                delivery,
                Domain("state", "=", "todo") & Domain("channel", "=", "handover"),
            ),
            "not_sent": (
                notice,
                Domain("state", "in", LIVE_STATES) & Domain("failure_reason", "!=", False),
            ),
        }
        return {
            section: (model, self._restrict(model, domain))
            for section, (model, domain) in domains.items()
        }

    @api.model
    def _restrict(self, model, domain):
        """Only the companies chosen, and with ``dunning_mine`` what the user follows or does."""
        domain &= Domain("company_id", "in", self._get_companies().ids)
        if not self.env.context.get("dunning_mine"):
            return domain
        mine = Domain("partner_id.commercial_partner_id.dunning_user_id", "=", self.env.uid)
        if model == "dunning.delivery":
            mine |= Domain("user_id", "=", self.env.uid)
        return domain & mine

    @api.model
    def _get_open_line_domain(self):
        return [
            ("live", "=", True),
            ("claimed", "=", True),
            ("amount_residual", ">", 0),
            ("move_line_id.reconciled", "=", False),
        ]

    @api.model
    def _get_undelivered_domain(self, day):
        """Messages that reached nobody by any way, about something still owed; late letters."""
        came_back = (
            Domain("state", "=", "failed")
            & Domain("date_planned", ">=", day - timedelta(days=FAILED_DAYS))
            & Domain("notice_id.line_ids", "any", self._get_open_line_domain())
            & ~Domain("notice_id.delivery_ids", "any", [("date_contact", "!=", False)])
        )
        not_posted = (
            Domain("state", "=", "todo")
            & Domain("channel", "in", POST_CHANNELS)
            & Domain("date_planned", "<", day)
        )
        return came_back | not_posted

    @api.model
    def _get_past_deadline_domain(self, day):
        return (
            Domain("state", "=", "sent")
            & Domain("is_formal_notice", "=", True)
            & Domain("answer_deadline", "<", day)
            & Domain("line_ids", "any", self._get_open_line_domain())
        )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    @api.model
    def action_open_today(self):
        """The page, with the user's own customers when there are any."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "relance_graduee.dunning_today_action"
        )
        own = self.env["res.partner"].search_count(
            [("dunning_user_id", "=", self.env.uid)], limit=1
        )
        return {**action, "context": {"search_default_mine": 1} if own else {}}

    def action_open(self):
        """The list of what this section counts."""
        self.ensure_one()
        if not self.can_open:
            return False
        if self.section == "discovery":
            return self.env["ir.actions.act_window"]._for_xml_id(
                "relance_graduee.dunning_go_live_action"
            )
        if self.section in ITEM_SECTIONS:
            action = getattr(self, f"_prepare_{self.section}_action")()
        else:
            model, domain = self._get_domains()[self.section]
            action = self._prepare_record_action(model, list(domain))
        label = dict(self._fields["section"]._description_selection(self.env))[self.section]
        return {**action, "display_name": label, "name": label}

    def _prepare_record_action(self, model, domain):
        names = {
            "undelivered": "dunning_delivery_undelivered_action",
            "calls": "dunning_delivery_call_action",
            "letters": "dunning_delivery_letter_action",
            "handover": "dunning_delivery_handover_action",
        }
        name = names.get(self.section, "dunning_notice_action")
        action = self.env["ir.actions.act_window"]._for_xml_id(f"relance_graduee.{name}")
        views = action["views"]
        if model == "dunning.notice":
            views = sorted(views, key=lambda view: view[1] != "list")
        return {**action, "views": views, "domain": domain, "context": {"create": False}}

    def _prepare_to_decide_action(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "relance_graduee.dunning_item_decide_action"
        )
        return {**action, "domain": self._prepare_item_domain(), "context": {}}

    def _prepare_no_policy_action(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "relance_graduee.dunning_item_action"
        )
        context = {"search_default_group_partner": 1}
        return {**action, "domain": self._prepare_item_domain(), "context": context}

    def _prepare_pauses_action(self):
        """Customers, not invoices: a pause is one of the customer."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "relance_graduee.dunning_account_action"
        )
        own = Domain.TRUE
        if self.env.context.get("dunning_mine"):
            own = Domain("user_id", "=", self.env.uid)
        ending = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("partner_id", "in", list(query.get_result_ids()))
            for company, query in self._get_pause_queries()
        )
        return {**action, "domain": list(ending & own), "context": {}}

    def _prepare_item_domain(self):
        domain = Domain("hold_reason", "=", ITEM_SECTIONS[self.section])
        domain &= Domain("amount_residual", ">", 0)
        domain &= Domain("line_company_id", "in", self.env.companies.ids)
        if self.env.context.get("dunning_mine"):
            domain &= Domain("user_id", "=", self.env.uid)
        return list(domain)
