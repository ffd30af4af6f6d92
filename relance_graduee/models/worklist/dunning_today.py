from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .section import Section

# Context keys that the figures of a row depend on.
CONTEXT_KEYS = ("allowed_company_ids", "dunning_date", "dunning_mine", "uid")


class DunningToday(models.Model):
    """The collector's morning page: a row a section, with how many and how much. Read-only.

    Each room adds its sections by ``_get_sections``. Sections of records are domains, counted
    in SQL and opened as lists by the same domain: the list always holds what the card says.
    Sections of items come from the decision, which is made once for all of them. Amounts are
    still open, in the company's currency. Context ``dunning_mine`` keeps the user's own
    customers.
    """

    _name = "dunning.today"
    _description = "Dunning today"
    _auto = False
    _order = "id"
    _rec_name = "section"

    section = fields.Selection("_get_section_labels", readonly=True)
    count = fields.Integer(
        string="Number", readonly=True, depends_context=CONTEXT_KEYS, aggregator=None
    )
    amount = fields.Monetary(
        string="Open amount", readonly=True, depends_context=CONTEXT_KEYS, aggregator=None
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    can_open = fields.Boolean(compute="_compute_section_kind")
    is_alert = fields.Boolean(string="Urgent", compute="_compute_section_kind")
    is_banner = fields.Boolean(string="Announcement", compute="_compute_section_kind")
    hint = fields.Char(string="Advice", compute="_compute_section_kind")

    @api.depends_context("company")
    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    @api.depends("section")
    @api.depends_context("lang", "uid")
    def _compute_section_kind(self):
        sections = self._get_sections_by_code()
        for row in self:
            section = sections[row.section]
            row.can_open = not section.group or self.env.user.has_group(section.group)
            row.is_alert = section.is_alert
            row.is_banner = section.is_banner
            row.hint = section.hint

    # ------------------------------------------------------------
    # SECTIONS
    # ------------------------------------------------------------

    @api.model
    def _get_sections(self):
        """All sections of the page, in any order; each room adds its own.

        :return: list of ``Section``
        """
        return [
            Section(
                code="to_decide",
                place=100,
                label=self.env._("To decide: the last step is done"),
                hold_reason="last_step_done",
                action="relance_graduee.dunning_item_decide_action",
            ),
            Section(
                code="no_policy",
                place=120,
                label=self.env._("Customers without a policy"),
                hold_reason="no_policy",
                counts="customers",
                action="relance_graduee.dunning_item_action",
                context={"search_default_group_partner": 1},
                nothing=self.env._(
                    "Items of customers whom no policy fits: they are not reminded until one does."
                ),
            ),
        ]

    @api.model
    def _get_shown_sections(self):
        """The sections that have a row on the page today; all of them unless a room hides one."""
        return self._get_sections()

    @api.model
    def _get_sections_by_code(self):
        return {section.code: section for section in self._get_sections()}

    @api.model
    def _get_section_labels(self):
        sections = sorted(self._get_sections(), key=lambda section: section.place)
        return [(section.code, section.label) for section in sections]

    @api.model
    def _get_companies(self):
        return self.env.companies.root_id

    @api.model
    def _is_own_only(self):
        """Whether the user asked for his or her own customers."""
        return bool(self.env.context.get("dunning_mine"))

    @api.model
    def _get_section_domain(self, section):
        """The domain that a section of records counts and opens."""
        domain = getattr(self, section.domain)()
        companies = self.env.companies if section.of_branches else self._get_companies()
        domain &= Domain("company_id", "in", companies.ids)
        return domain & self._get_own_domain(section.model) if self._is_own_only() else domain

    @api.model
    def _get_own_domain(self, model):
        """The records of ``model`` whose customer the user follows."""
        return Domain("partner_id.commercial_partner_id.dunning_user_id", "=", self.env.uid)

    @api.model
    def _get_item_domain(self, section):
        """The ``dunning.item`` that a section of items opens."""
        domain = Domain("hold_reason", "=", section.hold_reason)
        if not section.with_credits:
            domain &= Domain("amount_residual", ">", 0)
        domain &= Domain("line_company_id", "in", self.env.companies.ids)
        return domain & Domain("user_id", "=", self.env.uid) if self._is_own_only() else domain

    # ------------------------------------------------------------
    # THE QUERY
    # ------------------------------------------------------------

    @property
    def _table_query(self):
        sections = self._get_shown_sections()
        return SQL(
            "WITH rate AS (%s), item AS MATERIALIZED (%s) %s",
            self._get_rate_sql(),
            self._get_item_sql([section for section in sections if section.hold_reason]),
            SQL(" UNION ALL ").join(self._get_section_sql(section) for section in sections),
        )

    @api.model
    def _get_rate_sql(self):
        """Company id -> rate that turns its amounts into those of the current company."""
        companies = (
            self.env["res.company"].sudo().search([("id", "child_of", self._get_companies().ids)])
        )
        return SQL(
            "SELECT company_id, rate FROM %s",
            self.env["res.currency"].sudo()._get_simple_currency_table(companies),
        )

    @api.model
    def _get_item_sql(self, sections):
        """The items that ``sections`` count, from the decision, made once."""
        mine = SQL()
        if self._is_own_only():
            mine = SQL("AND partner_id IN %s", self._get_own_partners_query().subselect())
        return SQL(
            """SELECT company_id, partner_id, hold_reason, amount_residual_company
                 FROM (%s) AS decision
                WHERE hold_reason = ANY(%s) AND (amount_residual > 0 OR hold_reason = ANY(%s))
                  AND line_company_id = ANY(%s) %s""",
            self.env["dunning.decision"]._get_query(company_ids=self._get_companies().ids),
            [section.hold_reason for section in sections],
            [section.hold_reason for section in sections if section.with_credits],
            self.env.companies.ids,
            mine,
        )

    @api.model
    def _get_own_partners_query(self):
        return self.env["res.partner"].sudo()._search([("dunning_user_id", "=", self.env.uid)])

    @api.model
    def _get_section_sql(self, section):
        if section.is_banner:
            return self._get_row_sql(section, SQL("0"), SQL("0"))
        if section.hold_reason:
            return self._get_item_section_sql(section)
        return self._get_record_section_sql(section)

    @api.model
    def _get_row_sql(self, section, count, amount):
        return SQL(
            "SELECT %s AS id, %s AS section, %s AS count, COALESCE(%s, 0)::numeric AS amount",
            section.place,
            section.code,
            count,
            amount,
        )

    @api.model
    def _get_record_section_sql(self, section):
        query = self.env[section.model]._search(self._get_section_domain(section))
        return self._get_row_sql(
            section,
            SQL("(SELECT count(*) FROM (%s) AS found)", query.select()),
            self._get_open_amount_sql(section.model, query),
        )

    @api.model
    def _get_open_amount_sql(self, model, query):
        """Open amount of the records of ``model`` in ``query``, as SQL; 0 unless a room adds it.

        It may read ``rate`` (company_id, rate), and counts an item once.
        """
        return SQL("0")

    @api.model
    def _get_item_section_sql(self, section):
        counted = {"items": "*", "customers": "DISTINCT (item.company_id, partner_id)"}
        further = SQL()
        if section.condition:
            further = SQL("AND (%s)", getattr(self, section.condition)())
        return SQL(
            "%s FROM item JOIN rate ON rate.company_id = item.company_id WHERE hold_reason = %s %s",
            self._get_row_sql(
                section,
                SQL("count(%s)", SQL(counted[section.counts])),
                SQL("SUM(amount_residual_company * rate.rate)"),
            ),
            section.hold_reason,
            further,
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
        section = self._get_sections_by_code()[self.section]
        action = self.env["ir.actions.act_window"]._for_xml_id(section.action)
        if section.is_banner:
            return action
        return {**action, **self._prepare_list_vals(section, action["views"])}

    def _prepare_list_vals(self, section, views):
        """Values of the action that lists ``section``; list views come first."""
        if section.hold_reason and not section.domain:
            domain = self._get_item_domain(section)
        elif section.hold_reason:
            domain = getattr(self, section.domain)()
        else:
            domain = self._get_section_domain(section)
        advice = {"help": self._get_empty_words(section)} if section.nothing else {}
        return {
            **advice,
            "name": section.label,
            "display_name": section.label,
            "views": sorted(views, key=lambda view: view[1] != "list"),
            "domain": list(domain),
            "context": section.context,
        }

    def _get_empty_words(self, section):
        """What the list of ``section`` says while it is empty (HTML)."""
        text = Markup('<p class="o_view_nocontent_smiling_face">%s</p><p>%s</p>')
        return text % (self.env._("Nothing to do here"), section.nothing)
