"""The company: its identity, its chart of accounts, its bank accounts, its currencies."""

from datetime import timedelta

from . import identifiers, logo
from .tools import HISTORY_DAYS, known, today

NAME = "Valdombre Équipement"
SIREN = identifiers.siren(1)
IBAN, IBAN_USD = identifiers.french_iban("00010204816"), identifiers.french_iban("00010204932")
# Units of the currency for one euro, at the start of the history and half-way.
RATES = {"USD": (1.08, 1.13), "GBP": (0.84, 0.86)}

IDENTITY = {
    "name": NAME,
    "street": "18 quai des Tisserands",
    "zip": "69009",
    "city": "Lyon",
    "phone": identifiers.landline(4, 1804),
    "email": "comptabilite@valdombre.example",
    "website": "https://www.valdombre.example",
    "vat": identifiers.french_vat(SIREN),
    "company_registry": identifiers.siret(SIREN, 2),
    "primary_color": "#1f5c53",
    "secondary_color": "#e0a458",
}
DUNNING = {
    "dunning_mode": "live",
    "dunning_legal_form": "SAS",
    "dunning_share_capital": "120 000 €",
    "dunning_rcs_city": "Lyon",
    "dunning_signatory_name": "Hélène Marchadier",
    "dunning_signatory_capacity": "Directrice administrative et financière",
}


def fill(env):
    """Make the database's first company the demo company, ready to invoice."""
    company = env.company
    _identify(company)
    _load_chart(env, company)
    _speak_french(env, company)
    _number_invoices(env, company)
    _set_bank_accounts(env, company)
    _set_rates(env, company)
    company.write(known(company, DUNNING))


def _identify(company):
    company.write({**IDENTITY, "country_id": company.env.ref("base.fr").id, "logo": logo.png()})


def _load_chart(env, company):
    """The French chart of accounts, unless the database already has it."""
    if company.chart_template != "fr":
        env["account.chart.template"].try_loading("fr", company, install_demo=False)


def _speak_french(env, company):
    """French for everybody who is there, and for whoever comes later."""
    env["res.lang"]._activate_lang("fr_FR")
    env["ir.default"].set("res.partner", "lang", "fr_FR")
    company.partner_id.write({"lang": "fr_FR", "tz": "Europe/Paris"})
    people = env["res.users"].with_context(active_test=False).search([])
    people.partner_id.write({"lang": "fr_FR", "tz": "Europe/Paris"})
    people.filtered(lambda user: not user.share).write({"notification_type": "inbox"})


def _number_invoices(env, company):
    """Invoices are numbered FAC/2026/00001 and so on, credit notes RFAC."""
    domain = [("type", "=", "sale"), ("company_id", "=", company.id)]
    env["account.journal"].search(domain, limit=1).write({"name": "Ventes", "code": "FAC"})


def bank_journal(env):
    """The journal of the bank account in euros."""
    domain = [("type", "=", "bank"), ("company_id", "=", env.company.id)]
    return env["account.journal"].search([*domain, ("currency_id", "=", False)], limit=1)


def _set_bank_accounts(env, company):
    bank = env["res.bank"].create(
        {"name": "Banque des Deux Rives", "bic": "BDDRFRPPXXX", "country": env.ref("base.fr").id}
    )
    dollar = env["res.currency"].with_context(active_test=False).search([("name", "=", "USD")])
    journal = bank_journal(env)
    journal.name = "Banque"
    journal.bank_account_id = _bank_account(company, bank, IBAN)
    env["account.journal"].create(
        {
            "name": "Banque USD",
            "code": "BQUSD",
            "type": "bank",
            "currency_id": dollar.id,
            "bank_account_id": _bank_account(company, bank, IBAN_USD, dollar).id,
        }
    )


def _bank_account(company, bank, iban, currency=None):
    return company.env["res.partner.bank"].create(
        {
            "acc_number": iban,
            "partner_id": company.partner_id.id,
            "bank_id": bank.id,
            "currency_id": (currency or company.currency_id).id,
            "allow_out_payment": True,
        }
    )


def _set_rates(env, company):
    currencies = env["res.currency"].with_context(active_test=False)
    start = today(env) - timedelta(days=HISTORY_DAYS)
    for name, rates in RATES.items():
        currency = currencies.search([("name", "=", name)])
        currency.active = True
        for place, rate in enumerate(rates):
            day = start + timedelta(days=place * HISTORY_DAYS // 2)
            env["res.currency.rate"].create(
                {"currency_id": currency.id, "name": day, "rate": rate, "company_id": company.id}
            )
