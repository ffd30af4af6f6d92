from datetime import timedelta

import pytz
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.image import image_data_uri

from ...tools import business_days
from ..common.dunning_dated import YEARS
from ..common.groups import INTERNAL_GROUP, MANAGER_GROUP, USER_GROUP

DEFAULT_TIMEZONE = "Europe/Paris"
GENERIC_MAILBOXES = "contact, info, infos, accueil, bonjour, hello, secretariat, standard, mairie"


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "dunning.dated"]

    dunning_mode = fields.Selection(
        [("discovery", "Discovery: propose, never send"), ("live", "Live: send")],
        string="Dunning mode",
        default="discovery",
        required=True,
    )
    dunning_task_days = fields.Integer(
        string="Days to do a call or visit",
        default=3,
        help="Working days after which a call or a visit that nobody did is closed as not done.",
    )
    dunning_bank_days = fields.Integer(
        string="Bank data at most this old",
        default=3,
        help="Nothing is sent automatically when the newest bank statement line is older than "
        "this number of working days. 0: no check.",
    )
    dunning_day_count = fields.Selection(
        [("act_365", "Days / 365"), ("act_act", "Days / 366 in leap years")],
        string="Day count of interest",
        default="act_365",
        required=True,
        help="The published formula divides by 365, in leap years too.",
    )
    dunning_imputation = fields.Selection(
        [("principal_first", "Principal first"), ("interest_first", "Interest first")],
        string="Payments go to",
        default="principal_first",
        required=True,
        help="Principal first, as the books have it; or interest first (article 1343-1 of the "
        "French Civil Code), where nothing else was agreed.",
    )
    dunning_indemnity_per = fields.Selection(
        [("invoice", "Invoice"), ("instalment", "Instalment")],
        string="One indemnity for each late",
        default="invoice",
        required=True,
    )
    dunning_penalty_since = fields.Date(
        string="Penalties of invoices due since",
        default=lambda self: self._get_default_penalty_since(),
        help="Invoices that were due before and paid since owe nothing in the ledger of "
        "penalties. At first five years ago: older claims between businesses are time-barred.",
    )
    dunning_penalty_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of debit notes",
        check_company=True,
        domain="[('type', '=', 'sale')]",
        help="Debit notes of penalties have a journal and a numbering of their own. Empty: made "
        "with the first debit note.",
    )
    dunning_interest_account_id = fields.Many2one(
        "account.account",
        string="Account of late interest",
        check_company=True,
        help="Empty: 7631, income from commercial receivables.",
    )
    dunning_indemnity_account_id = fields.Many2one(
        "account.account",
        string="Account of recovery indemnities",
        check_company=True,
        help="Empty: the account of late interest; 7581 is used, too.",
    )
    dunning_penalty_chased = fields.Boolean(
        string="Debit notes count as invoices",
        help="Debit notes of penalties are reminded, and count in exposure and holds, like any "
        "invoice. By default they are left out of all this.",
    )
    dunning_postal_days = fields.Integer(
        string="Postal margin (working days)",
        default=3,
        help="Added to the posting day when the deadline of a letter is computed.",
    )
    dunning_postal_days_abroad = fields.Integer(
        string="Postal margin abroad and overseas (working days)", default=10
    )
    dunning_generic_mailboxes = fields.Char(
        string="Generic mailboxes",
        default=GENERIC_MAILBOXES,
        help="What stands before the @ of mailboxes that nobody in particular reads: "
        "used only when no better address is known.",
    )
    dunning_manager_id = fields.Many2one(
        "res.users",
        string="Dunning manager",
        domain="[('share', '=', False)]",
        help="Told when a call or a visit was not done, and when a file is handed over.",
    )
    dunning_closing_day_ids = fields.One2many(
        "dunning.closing.day", "company_id", string="Closing days"
    )
    dunning_legal_form = fields.Char(
        string="Legal form", help="SARL, SAS, SA, EI... (article R123-238 of the Code de commerce)"
    )
    dunning_share_capital = fields.Char(
        string="Share capital", help="As it is printed on letters, for instance 10 000 €."
    )
    dunning_rcs_city = fields.Char(
        string="RCS city", help="City of the registry where the company is registered."
    )
    dunning_logo_on_letters = fields.Boolean(string="Logo on letters", default=True)
    dunning_signatory_name = fields.Char(string="Signatory of letters")
    dunning_signatory_capacity = fields.Char(string="Capacity of the signatory", translate=True)

    dunning_limit_warning = fields.Float(
        string="Warn from (% of the credit limit)",
        default=80.0,
        help="From this share of its credit limit on, a customer is on warning.",
    )
    dunning_release_limit = fields.Float(
        string="Releases up to (dunning manager)",
        default=10000.0,
        help="In company currency: what a dunning manager may release; a credit director may more.",
    )
    dunning_release_limit_director = fields.Float(
        string="Releases up to (credit director)", help="In company currency. 0: no upper limit."
    )
    dunning_release_days = fields.Integer(
        string="Days that a release lasts",
        default=30,
        help="Calendar days after which a release ends, unless its own date says otherwise.",
    )
    dunning_release_most_days = fields.Integer(
        string="Longest release (dunning manager, days)",
        default=30,
        help="Calendar days from the day on which it is granted, and no less than a release lasts "
        "by default; a credit director may grant a year.",
    )
    dunning_promise_days = fields.Integer(
        string="Later payment accepted (collector, days)",
        default=15,
        help="Calendar days for which a collector may accept that an invoice is paid later: until "
        "then it does not hold deliveries.",
    )
    dunning_promise_days_manager = fields.Integer(
        string="Later payment accepted (dunning manager, days)",
        default=30,
        help="The same for a dunning manager, who alone accepts an invoice once more.",
    )
    _dunning_promise_days_limit = models.Constraint(
        "CHECK (dunning_promise_days BETWEEN 0 AND dunning_promise_days_manager"
        " AND dunning_promise_days_manager <= 366)",
        "A later payment is accepted for a year at most, by a collector for no longer than by a "
        "dunning manager.",
    )
    dunning_sale_hold = fields.Selection(
        [
            ("warn", "Warn only"),
            ("ask", "Confirming an order needs a release"),
            ("hold_deliveries", "Orders are confirmed, their deliveries wait"),
        ],
        string="Customers on hold",
        default="hold_deliveries",
        required=True,
    )

    dunning_note_months = fields.Integer(
        string="Notes on persons are kept (months)",
        default=60,
        help="Notes and call reports of consumers and other natural persons are erased after so "
        "many months, once nothing overdue is left. 0: never. Unpaid debts: about five years "
        "(CNIL, délibération 2021-130).",
    )
    dunning_mark_months = fields.Integer(
        string="Marks on persons are kept (months)",
        default=36,
        help="A consumer or other natural person is no longer marked as a bad payer after so many "
        "months, three years at most, even if the debt is still open (CNIL, délibération "
        "2021-130).",
    )
    _dunning_mark_months_limit = models.Constraint(
        "CHECK (dunning_mark_months BETWEEN 1 AND 36)",
        "Persons are marked as bad payers for 1 to 36 months.",
    )

    has_dunning_online_payment = fields.Boolean(
        compute="_compute_has_dunning_online_payment", compute_sudo=True, groups=INTERNAL_GROUP
    )

    @api.model
    def _has_field_access(self, field, operation):
        """Our settings are for who works here: visitors and customers may read the company."""
        is_setting = field.name.startswith(("dunning_", "has_dunning_"))
        if is_setting and not self.env.su and not self.env.user.has_group(INTERNAL_GROUP):
            return False
        return super()._has_field_access(field, operation)

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.model
    def _get_default_penalty_since(self):
        return fields.Date.today() - relativedelta(years=5)

    def _compute_has_dunning_online_payment(self):
        """Whether customers may pay invoices online (a payment provider is active)."""
        active = set()
        if "payment.provider" in self.env:
            providers = self.env["payment.provider"].search([("state", "=", "enabled")])
            active = set(providers.company_id.ids)
        for company in self:
            company.has_dunning_online_payment = company.id in active

    # ------------------------------------------------------------
    # DAYS
    # ------------------------------------------------------------

    def _get_dunning_today(self):
        """Today's date in the company's own time zone, by the server's clock: the one place."""
        zone = pytz.timezone(self.partner_id.sudo().tz or DEFAULT_TIMEZONE)
        return fields.Datetime.now().replace(tzinfo=pytz.utc).astimezone(zone).date()

    def _get_dunning_day(self):
        """The day the question is asked for: the context's ``dunning_date``, else today.

        For who reads. Who writes takes ``_get_dunning_today``, and asks as of today
        (``as_of_today``): no caller says on which day something was done here.
        """
        asked = self.env.context.get("dunning_date")
        return self._parse_dunning_date(asked) or self._get_dunning_today()

    @api.model
    def _parse_dunning_date(self, date):
        """A day that somebody entered: a date, an ISO string, or nothing.

        :return: date or None
        :raise UserError: it is no date
        """
        try:
            day = fields.Date.to_date(date)
        except (ValueError, TypeError) as error:
            raise UserError(
                self.env._("“%s” is not a date. Write it as 2026-11-30.", date)
            ) from error
        if day and day.year not in YEARS:
            raise UserError(self.env._("“%s” is not a date of our time.", day))
        return day or None

    def _get_dunning_closing_days(self):
        """Every date of the company's closing periods, as a frozenset."""
        periods = self.sudo().root_id.dunning_closing_day_ids
        return frozenset(
            period.date_from + timedelta(days=n)
            for period in periods
            for n in range((period.date_to - period.date_from).days + 1)
        )

    def _is_dunning_working_day(self, day):
        """Whether ``day`` is a working day of the company (see ``tools.business_days``)."""
        return business_days.is_working_day(day, self._get_dunning_closing_days())

    def _add_dunning_working_days(self, day, count):
        """The working day ``count`` working days after ``day``; 0 gives ``day`` or the next."""
        return business_days.add_working_days(day, count, self._get_dunning_closing_days())

    # ------------------------------------------------------------
    # BANK
    # ------------------------------------------------------------

    def _get_dunning_stale_bank_date(self):
        """The newest bank statement line's date, when it is too old to send automatically.

        :return: a date, or False when there are no bank lines, the check is off or the
            newest one is recent enough
        """
        self.ensure_one()
        if not self.dunning_bank_days:
            return False
        newest = (
            self.env["account.bank.statement.line"]
            .sudo()
            .search(
                [("company_id", "child_of", self.id), ("journal_id.type", "=", "bank")],
                order="internal_index desc",
                limit=1,
            )
        )
        limit = business_days.subtract_working_days(
            self._get_dunning_today(), self.dunning_bank_days, self._get_dunning_closing_days()
        )
        return newest.date if newest and newest.date < limit else False

    def _get_dunning_release_most_days(self):
        """For how many days a dunning manager may release goods."""
        self.ensure_one()
        return max(self.dunning_release_most_days, self.dunning_release_days)

    def _get_dunning_promise_days(self, user):
        """For how many days ``user`` may accept that an item is paid later; None: not at all."""
        company = self.sudo().root_id
        if user._is_superuser() or user.has_group(MANAGER_GROUP):
            return company.dunning_promise_days_manager
        return company.dunning_promise_days if user.has_group(USER_GROUP) else None

    def _may_accept_dunning_again(self, user):
        """Whether ``user`` may accept a second time that an item is paid later."""
        return user._is_superuser() or user.has_group(MANAGER_GROUP)

    def _get_dunning_term_rule(self, kind):
        """Which cap of payment terms binds this company towards a ``kind`` of customer, or False.

        French law caps what professionals grant each other, and what public bodies take.
        """
        if not self._is_dunning_french():
            return False
        return {"business": self.dunning_term_sector, "public": "public"}.get(kind, False)

    # ------------------------------------------------------------
    # TEXTS
    # ------------------------------------------------------------

    def _get_dunning_tree(self):
        """This company and all its branches."""
        return self.sudo().search([("id", "child_of", self.ids)])

    @api.model
    def _get_dunning_roots(self):
        """Every root company: the level at which customers are netted and contacted."""
        return self.sudo().search([("parent_id", "=", False)])

    def _tell_dunning_failure(self, partner_id, summary):
        """A task for the dunning manager on a customer for whom a nightly job failed, once.

        The customer is shared by companies: what the error says, amounts maybe, is in the log.

        :param summary: text in the manager's language
        """
        self._tell_dunning_once(self.env["res.partner"].browse(partner_id), summary)

    def _is_generic_mailbox(self, email):
        """Whether ``email`` is a mailbox that nobody in particular reads."""
        names = (self.dunning_generic_mailboxes or "").replace(",", " ").lower().split()
        return (email or "").partition("@")[0].strip().lower() in names

    def _get_dunning_legal_mentions(self):
        """The sender's legal mentions (articles R123-237 and R123-238), as one line of text."""
        self.ensure_one()
        siren = (self.company_registry or "").replace(" ", "")[:9]
        form = self.dunning_legal_form
        if form and self.dunning_share_capital:
            form = self.env._(
                "%(form)s with a capital of %(capital)s",
                form=form,
                capital=self.dunning_share_capital,
            )
        registry = siren and self.env._(
            "SIREN %s", "\N{NO-BREAK SPACE}".join(siren[i : i + 3] for i in (0, 3, 6))
        )
        rcs = self.dunning_rcs_city and self.env._("RCS %s", self.dunning_rcs_city)
        vat = self.vat and self.env._("VAT no. %s", self.vat)
        return " – ".join(
            filter(None, (self.name, form, registry, rcs, vat, self.dunning_legal_extra))
        )

    def _get_dunning_sender(self, collector=None):
        """The sender's block of a letter, as strings."""
        self.ensure_one()
        company = self.sudo()
        lines = [company.street, company.street2, f"{company.zip or ''} {company.city or ''}"]
        contact = [
            collector and self.env._("Followed by: %s", collector.name),
            (collector and collector.phone) or company.phone,
            (collector and collector.email) or company.email,
        ]
        return {
            "name": company.name,
            "lines": [line.strip() for line in lines if line and line.strip()],
            "logo": company._has_dunning_logo() and image_data_uri(company.logo),
            "legal": company._get_dunning_legal_mentions(),
            "contact_lines": [line for line in contact if line],
        }

    def _has_dunning_logo(self):
        """Whether letters bear the logo: wanted, and the company's own, not the placeholder."""
        return bool(self.dunning_logo_on_letters and self.logo and not self.uses_default_logo)
