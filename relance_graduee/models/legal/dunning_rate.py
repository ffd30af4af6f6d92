from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.tools import clean_context, format_date, formatLang

from ...tools.late_interest import (
    LateInterestError,
    LegalValues,
    MissingRate,
    SemesterRate,
    floor_warnings,
    next_semester,
    semester_first_day,
    semester_last_day,
    semester_of,
)

RATE_KINDS = [
    ("ecb_refi", "ECB refinancing rate"),
    ("legal_professional", "Legal interest rate, other cases"),
]
# A rate that is still missing this many days before its semester is asked for.
ASK_DAYS_BEFORE = 21
ASK_ACTIVITY = "relance_graduee.mail_activity_type_rate"


class DunningRate(models.Model):
    """A rate of one semester, as it was published: never guessed, never carried over.

    ``value`` is an annual percentage; ``semester`` is written "2026-1" (January to June) or
    "2026-2". ``ecb_refi`` is the fixed rate of the ECB's main refinancing operations in force on
    the first day of the semester (C. com. L441-10 II); ``legal_professional`` the "taux de
    l'intérêt légal" of every creditor but private persons (CMF L313-2), whoever the debtor is.
    """

    _name = "dunning.rate"
    _description = "Legal rate of a semester"
    _inherit = ["dunning.dated", "mail.thread", "mail.activity.mixin"]
    _order = "semester desc, kind"

    kind = fields.Selection(RATE_KINDS, required=True, tracking=True)
    semester = fields.Char(required=True, tracking=True, help="Year and half-year, like 2026-2.")
    value = fields.Float(string="Annual rate (%)", digits=(7, 3), required=True, tracking=True)
    date_from = fields.Date(string="From", compute="_compute_dates", store=True)
    date_to = fields.Date(string="To", compute="_compute_dates", store=True)
    source = fields.Char(translate=True, help="Where this rate was published.")
    read_on = fields.Date(
        help="The day on which somebody read it there.", default=fields.Date.context_today
    )
    default_rate = fields.Char(
        string="What follows from it",
        compute="_compute_default_rate",
        help="The rate between businesses, that of public buyers, or the floor of what may be "
        "agreed.",
    )

    _semester_once = models.Constraint(
        "UNIQUE (kind, semester)", "This semester already has a rate of this kind."
    )
    _value_positive = models.Constraint(
        "CHECK (value >= 0 AND value < 100)", "A legal rate lies between 0 and 100 %."
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("semester")
    def _compute_dates(self):
        for rate in self:
            try:
                rate.date_from = semester_first_day(rate.semester)
                rate.date_to = semester_last_day(rate.semester)
            except LateInterestError:
                rate.date_from = rate.date_to = False

    @api.depends("kind", "semester")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for rate in self:
            rate.display_name = self._get_label(rate.kind, rate.semester or "")

    @api.depends("kind", "semester", "value")
    @api.depends_context("lang")
    def _compute_default_rate(self):
        values = self.env["dunning.legal.value"]._get_dated_values()
        for rate in self:
            rate.default_rate = rate._describe_consequence(LegalValues((), values))

    def _describe_consequence(self, legal):
        """The legal rates that follow from this rate, in words; "" where a margin is missing."""
        try:
            first_day = semester_first_day(self.semester)
            if self.kind == "legal_professional":
                multiple = legal.value("floor_multiple", first_day)
                floor = self._format_percent(multiple * self._get_decimal())
                return self.env._("agreed rates from %s", floor)
            return self.env._(
                "businesses %(business)s, public buyers %(public)s",
                business=self._format_percent(
                    self._get_decimal() + legal.value("business_margin", first_day)
                ),
                public=self._format_percent(
                    self._get_decimal() + legal.value("public_margin", first_day)
                ),
            )
        except LateInterestError:
            return ""

    @api.model
    def _format_percent(self, rate):
        """Annual percent as it is printed: "12.15 %"."""
        return f"{formatLang(self.env, float(rate), digits=2)}\N{NO-BREAK SPACE}%"

    @api.model
    def _get_label(self, kind, semester):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        return f"{labels.get(kind, '')} {semester}".strip()

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("semester")
    def _check_semester(self):
        for rate in self:
            try:
                semester_first_day(rate.semester)
            except LateInterestError as error:
                raise ValidationError(
                    self.env._(
                        "“%s” is not a semester: write the year and 1 or 2, like 2026-2.",
                        rate.semester,
                    )
                ) from error

    def write(self, vals):
        self._check_written_fields(vals)
        return super().write(vals)

    @api.model
    def _check_written_fields(self, vals):
        """:raise UserError: the days of a rate are typed, which are those of its semester"""
        if not self.env.su and {"date_from", "date_to"} & vals.keys():
            raise UserError(self.env._("The days of a rate are those of its semester."))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_written_fields(vals)
        clean = self.with_context(clean_context(self.env.context))  # nor typed by the context
        rates = super(DunningRate, clean).create(vals_list).with_env(self.env)
        rates._close_questions()
        return rates

    # ------------------------------------------------------------
    # ASKING
    # ------------------------------------------------------------

    def _get_decimal(self):
        """The value as it was typed, exactly."""
        return Decimal(str(self.value))

    @api.model
    def _get_legal_values(self):
        """Every rate and every other legal value, for ``tools.late_interest``. Two statements."""
        rates = self.sudo().search_fetch([], ["kind", "semester", "value"])
        return LegalValues(
            (SemesterRate(rate.kind, rate.semester, rate._get_decimal()) for rate in rates),
            self.env["dunning.legal.value"]._get_dated_values(),
        )

    @api.model
    def _get_missing_message(self, error):
        """A ``MissingRate`` or ``MissingValue`` as a sentence."""
        if isinstance(error, MissingRate):
            return self.env._(
                "“%(rate)s” is missing: no late interest can be computed for that semester "
                "before it is entered under Configuration > Dunning > Legal rates.",
                rate=self._get_label(error.kind, error.semester),
            )
        kinds = dict(
            self.env["dunning.legal.value"]._fields["kind"]._description_selection(self.env)
        )
        return self.env._(
            "“%(value)s” in force on %(day)s is missing under Configuration > Dunning > Legal "
            "values.",
            value=kinds[error.kind],
            day=format_date(self.env, error.day),
        )

    @api.model
    def _get_missing_warning(self, error):
        """The same, to raise on a screen: with a button that opens the form to fill in."""
        name = "dunning_rate" if isinstance(error, MissingRate) else "dunning_legal_value"
        context = {"default_kind": error.kind}
        if isinstance(error, MissingRate):
            context["default_semester"] = error.semester
        return RedirectWarning(
            self._get_missing_message(error),
            self.env.ref(f"relance_graduee.{name}_action_new").id,
            self.env._("Enter it"),
            context,
        )

    @api.model
    def _open_missing(self, error):
        """The form to fill in for a ``MissingRate``, as an action."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "relance_graduee.dunning_rate_action_new"
        )
        context = {"default_kind": error.kind, "default_semester": error.semester}
        return {**action, "context": context}

    @api.model
    def _get_floor_warnings(self, contract_rate, first_day=None, last_day=None):
        """A sentence for each semester in which an agreed rate is below what the law allows.

        Nothing is replaced: what a judge would do is not settled. Without a legal rate for a
        semester there is nothing to say.

        :param contract_rate: annual percent; 0: none was agreed
        :param first_day, last_day: the period that is looked at; by default today
        """
        today = fields.Date.context_today(self)
        rate = Decimal(str(contract_rate or 0))
        if not rate:
            return []
        try:
            found = floor_warnings(
                rate, first_day or today, last_day or today, self._get_legal_values()
            )
        except LateInterestError as error:
            return [self._get_missing_message(error)]
        return [
            self.env._(
                "The agreed rate of %(rate)s is below the floor of %(floor)s (%(multiple)s times "
                "the legal interest rate) in %(semester)s: a judge may set it aside.",
                rate=self._format_percent(rate),
                floor=self._format_percent(warning.floor),
                multiple=f"{warning.multiple.normalize():f}",
                semester=warning.semester,
            )
            for warning in found
        ]

    # ------------------------------------------------------------
    # RATES MISSING SOON
    # ------------------------------------------------------------

    @api.model
    def _get_missing_soon(self, day):
        """(kind, semester) that is needed on ``day``, or will be within ``ASK_DAYS_BEFORE``."""
        last = semester_of(day + timedelta(days=ASK_DAYS_BEFORE))
        semesters = {semester_of(day), last}
        known = {(rate.kind, rate.semester) for rate in self.sudo().search([])}
        wanted = [(kind, semester) for semester in sorted(semesters) for kind, _l in RATE_KINDS]
        return [pair for pair in wanted if pair not in known]

    @api.model
    def _cron_check_next_semester(self):
        """Every week: ask the managers of all companies for the rate that is missing soon."""
        companies = self.env["res.company"]._get_dunning_roots()
        users = {company._get_dunning_manager(): company for company in companies}
        for kind, semester in self._get_missing_soon(fields.Date.context_today(self)):
            self._ask(kind, semester, users)

    @api.model
    def _ask(self, kind, semester, users):
        """A task on the newest rate of this kind, once a person.

        :param users: dict of user -> a company of which they are the manager
        """
        rate = self.sudo().search([("kind", "=", kind)], limit=1)
        summary = self.env._("Enter: %s", self._get_label(kind, semester))
        asked = self._get_questions(kind, semester).user_id
        for user, company in users.items() if rate else ():
            if user in asked:
                continue
            company._schedule_dunning_task(
                rate,
                user,
                summary,
                self.env._(
                    "No late interest can be computed from this day on before it is entered."
                ),
                kind=ASK_ACTIVITY,
                date_deadline=semester_first_day(semester),
            )

    @api.model
    def _get_questions(self, kind, semester):
        """The open tasks that ask for a rate."""
        return (
            self.sudo()
            .search([("kind", "=", kind)])
            .activity_ids.filtered(
                lambda a: (
                    a.activity_type_id == self.env.ref(ASK_ACTIVITY)
                    and a.date_deadline == semester_first_day(semester)
                )
            )
        )

    def _close_questions(self):
        """A rate that was entered is no longer asked for."""
        for rate in self:
            self._get_questions(rate.kind, rate.semester).unlink()

    @api.model
    def default_get(self, fields):
        """The next semester, where nothing else is asked for."""
        vals = super().default_get(fields)
        newest = self.search([("kind", "=", vals.get("kind", "ecb_refi"))], limit=1)
        if newest and "semester" in fields and not vals.get("semester"):
            vals["semester"] = next_semester(newest.semester)
        return vals
