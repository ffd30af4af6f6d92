import re

from odoo import api, fields, models

from ...tools.siren import is_siren
from ..common.groups import INTERNAL_GROUP

# Forms whose share capital stands on letters (article R123-238), and forms without the registry
# of commerce (associations, liberal professions, public bodies).
CAPITAL_FORMS = ("SARL", "EURL", "SAS", "SASU", "SA", "SCA", "SELARL", "SELAS", "SELAFA", "SELCA")
UNREGISTERED_FORMS = ("ASSOCIATION", "EI", "SCP", "EPIC", "EPA", "FONDATION", "SYNDICAT")


class ResCompany(models.Model):
    """Legal identity of the sender, as a formal notice states it (articles R123-237, R123-238)."""

    _inherit = "res.company"

    dunning_legal_extra = fields.Char(
        string="Other legal mentions",
        help="In liquidation, location-gérance, EI... (article R123-237 of the Code de commerce)",
    )
    dunning_credit_insurer = fields.Char(
        string="Credit insurer",
        help="Formal notices to businesses then say that the claim will be declared to it.",
    )
    dunning_incident_service = fields.Char(
        string="Payment incidents are reported to",
        help="Formal notices to businesses then say that the incident will be reported to it. "
        "Leave it empty if you report none: only what is really done may be announced.",
    )

    dunning_misconfiguration = fields.Text(
        compute="_compute_dunning_misconfiguration", compute_sudo=True, groups=INTERNAL_GROUP
    )
    dunning_bank_warning = fields.Char(
        compute="_compute_dunning_bank_warning", compute_sudo=True, groups=INTERNAL_GROUP
    )

    @api.depends("partner_id.bank_ids.currency_id", "partner_id.bank_ids.active", "currency_id")
    @api.depends_context("lang")
    def _compute_dunning_bank_warning(self):
        """Letters name no account of another currency: say so before one leaves without any."""
        for company in self:
            banks = company.partner_id.bank_ids.filtered(
                lambda bank, company=company: (
                    bank.company_id in (bank.company_id.browse(), company)
                    and bank.currency_id in (bank.currency_id.browse(), company.currency_id)
                )
            )
            company.dunning_bank_warning = not banks and self._get_missing_bank_words(
                company.currency_id
            )

    def _get_missing_bank_words(self, currency):
        return self.env._(
            "No bank account is known for %s: reminders do not say where to pay. Enter one on the "
            "company, or in a bank journal.",
            currency.name,
        )

    @api.depends_context("lang")
    def _compute_dunning_misconfiguration(self):
        """In sentences what of our own is to be mended, the gravest first."""
        for company in self:
            words = company._get_dunning_misconfigurations() + company._get_dunning_setup_gaps()
            company.dunning_misconfiguration = "\n".join(words)

    def _get_dunning_misconfigurations(self, codes=None):
        """What stops all reminders, whoever the customer: found before a run, put on nobody.

        :param codes: the channels asked for; None: all those of the ladders of this company
        :return: list of sentences that somebody who may change settings can act on. To extend
        """
        self.ensure_one()
        return []

    def _get_dunning_setup_gaps(self):
        """What is missing in the settings and stops nothing, as sentences. To extend."""
        return []

    def _get_dunning_identity_gaps(self):
        """Labels of the missing fields of the legal identity, in the language of the user."""
        self.ensure_one()
        company = self.sudo()
        gaps = [
            ("street", not (company.street or company.street2)),
            ("zip", not company.zip),
            ("city", not company.city),
            ("dunning_legal_form", not company.dunning_legal_form),
            ("dunning_signatory_name", not company.dunning_signatory_name),
            ("dunning_signatory_capacity", not company.dunning_signatory_capacity),
        ]
        if company._is_dunning_french():
            gaps += company._get_french_identity_gaps()
        labels = {"company_registry": self.env._("SIREN")}
        return [
            labels.get(name) or self._fields[name]._description_string(self.env)
            for name, is_missing in gaps
            if is_missing
        ]

    def _is_dunning_french(self):
        """Whether French law says what stands on this company's letters and how long it waits."""
        return (self.country_id or self.account_fiscal_country_id).code == "FR"

    def _get_french_identity_gaps(self):
        """(field, is it missing) of what French law asks of the company's form."""
        form = re.sub(r"[^A-Z ]", "", (self.dunning_legal_form or "").upper())
        words = form.split()
        needs_capital = any(word in CAPITAL_FORMS for word in words)
        is_registered = not any(word in UNREGISTERED_FORMS for word in words)
        return [
            ("company_registry", not is_siren(self.company_registry)),
            ("dunning_share_capital", needs_capital and not self.dunning_share_capital),
            ("dunning_rcs_city", is_registered and not self.dunning_rcs_city),
        ]
