"""The people of the company. Each one's password is the login: this is a demonstration."""

from .tools import groups, known

COLLECTOR = ("relance_graduee.group_dunning_user", "account.group_account_invoice")
MANAGER = ("relance_graduee.group_dunning_manager", "account.group_account_manager")
SALES = ("sales_team.group_sale_salesman_all_leads",)

PEOPLE = [
    ("helene.marchadier", "Hélène Marchadier", "Directrice administrative et financière", MANAGER),
    ("claire.fontanel", "Claire Fontanel", "Chargée de recouvrement", COLLECTOR),
    ("karim.delaunay", "Karim Delaunay", "Comptable clients", COLLECTOR),
    ("julien.besset", "Julien Besset", "Commercial grands comptes", SALES),
    ("nadia.roumieux", "Nadia Roumieux", "Commerciale région", SALES),
]


def fill(env):
    """Create the people; Hélène is the one who is told what goes wrong."""
    Users = env["res.users"].with_context(no_reset_password=True)
    vals_list = [_vals(env, place, *person) for place, person in enumerate(PEOPLE)]
    users = Users.create(vals_list)
    env.company.write(known(env.company, {"dunning_manager_id": users[0].id}))


def _vals(env, place, login, name, job, group_xml_ids):
    return {
        "login": login,
        "password": login,
        "name": name,
        "email": f"{login}@valdombre.example",
        "phone": f"+33 4 65 71 18 {10 + place}",
        "function": job,
        "lang": "fr_FR",
        "tz": "Europe/Paris",
        "notification_type": "inbox",
        "group_ids": [(4, group) for group in groups(env, "base.group_user", *group_xml_ids)],
    }


def by_login(env, login):
    return env["res.users"].search([("login", "=", login)])
