"""The sixty customers as partners, with their contacts, collectors and salespeople."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from stdnum.iso7064 import mod_11_10

from odoo import fields

from . import identifiers, people, users
from .tools import dice, known, today

KINDS = {"account": "business", "shop": "business", "foreign": "business"}
BIG = "account"


@dataclass
class Customer:
    """A partner and what the other parts need to know of it."""

    partner: object
    group: str
    behaviour: str
    terms: str
    traits: dict

    @property
    def currency(self):
        return self.traits.get("currency", "EUR")


def fill(env):
    """Create all customers.

    :return: list of Customer, in the order of ``people``
    """
    staff = {login: users.by_login(env, login) for login, *_rest in users.PEOPLE}
    rows = list(enumerate(people.rows(), start=2))
    vals_list = [_vals(env, staff, index, *row) for index, row in rows]
    partners = env["res.partner"].create(vals_list)
    customers = [
        Customer(partner, row[0], row[5], row[6], row[7])
        for partner, (_index, row) in zip(partners, rows)
    ]
    _add_accountants(env, customers)
    _add_contacts(env, customers)
    return customers


def _vals(env, staff, index, group, name, postcode, city, street, _behaviour, terms, traits):
    country = traits.get("country", "FR")
    vals = {
        "name": name,
        "lang": traits.get("lang", "fr_FR"),
        "is_company": group != "consumer",
        "country_id": env.ref(f"base.{country.lower() if country != 'GB' else 'uk'}").id,
        "phone": _phone(group, country, postcode, index),
        "email": _mailbox(group, name, traits),
        "customer_kind": KINDS.get(group, group),
        **_address(postcode, city, street, traits),
        **get_registrations(group, country, index),
        **_responsible(staff, group, index),
        **_insolvency(env, traits),
    }
    return known(env["res.partner"], vals)


def _address(postcode, city, street, traits):
    if not traits.get("address", True):
        return {"city": city}
    return {"street": street, "zip": postcode, "city": city}


def _phone(group, country, postcode, index):
    if country != "FR":
        return False
    if group == "consumer":
        return identifiers.mobile(index * 13)
    return identifiers.landline(identifiers.area_of(postcode), index * 37)


def domain_name(name):
    """A domain that cannot exist, made of the two longest words of ``name``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z]+", plain)
    kept = sorted(sorted(words, key=len)[-2:], key=words.index)
    return "-".join(kept) + ".example"


def _mailbox(group, name, traits):
    """The company's own address: a generic box for some, none for most."""
    if group == "consumer":
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        has_address = traits.get("mailbox", True)
        return has_address and re.sub("[^a-z]+", ".", plain) + "@courriel.example"
    if group == "public":
        return f"compta@{domain_name(name)}"
    mailbox = traits.get("mailbox")
    return mailbox and f"{mailbox}@{domain_name(name)}"


def get_registrations(group, country, index):
    """SIRET and VAT number: none for private persons and associations."""
    siren = identifiers.siren(index)
    if country == "BE":
        return {"vat": identifiers.belgian_vat(index)}
    if country == "DE":
        digits = f"99900{index:03d}"
        return {"vat": f"DE{digits}{mod_11_10.calc_check_digit(digits)}"}
    if country != "FR" or group in ("consumer", "nonprofessional"):
        return {}
    vat = {} if group == "public" else {"vat": identifiers.french_vat(siren)}
    return {"company_registry": identifiers.siret(siren), **vat}


def _responsible(staff, group, index):
    """Big and public accounts are Claire's and Julien's, the rest is shared out."""
    if group in (BIG, "public", "foreign"):
        collector, salesperson = "claire.fontanel", "julien.besset"
    else:
        collector = ("claire.fontanel", "karim.delaunay")[index % 3 > 0]
        salesperson = "nadia.roumieux"
    return {"dunning_user_id": staff[collector].id, "user_id": staff[salesperson].id}


def _insolvency(env, traits):
    days = traits.get("insolvency_days")
    return {"insolvency_date": today(env) - timedelta(days=days)} if days else {}


def _add_contacts(env, customers):
    """The person who pays the bills, for each company that has one."""
    rng = dice("contacts")
    names = [name for _pass in range(3) for name in rng.sample(people.CONTACTS, 26)]
    vals_list = [
        _contact_vals(customer, names[place], place)
        for place, customer in enumerate(customers)
        if customer.group != "consumer" and customer.traits.get("person", True)
    ]
    contacts = env["res.partner"].create(vals_list)
    if "dunning_contact_ids" in contacts._fields:
        for contact in contacts:
            contact.parent_id.dunning_contact_ids = [fields.Command.link(contact.id)]


def _add_accountants(env, customers):
    """Who pays for public bodies: letters to them are copied there."""
    public = [customer.partner for customer in customers if customer.group == "public"]
    if not public or "dunning_accountant_id" not in public[0]._fields:
        return
    vals = {
        "name": "Service de gestion comptable de Lyon",
        "is_company": True,
        "street": "3 rue de la Charité",
        "zip": "69002",
        "city": "Lyon",
        "country_id": env.ref("base.fr").id,
        "lang": "fr_FR",
    }
    accountant = env["res.partner"].create(vals)
    for partner in public[:-1]:  # of the last one nobody knows it yet
        partner.dunning_accountant_id = accountant


def _contact_vals(customer, name, place):
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    domain = domain_name(customer.partner.name)
    is_french = customer.partner.country_id.code == "FR"
    public = customer.group == "public"
    return {
        "parent_id": customer.partner.id,
        "type": "contact",
        "name": name,
        "function": "Service mandatement" if public else "Comptabilité fournisseurs",
        "email": f"{'.'.join(plain.split())}@{domain}",
        "phone": is_french and identifiers.mobile(400 + place * 7),
        "lang": customer.partner.lang,
    }
