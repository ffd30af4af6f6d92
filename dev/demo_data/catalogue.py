"""What is sold, and on which terms.

Services bear the tax of goods: the company pays the VAT of both when it invoices
("option pour les débits"), which also spares an entry at each payment.
"""

from .tools import translated

# code: (French, English, type, price, tax of the French chart, largest quantity for a small order)
GOODS = {
    "FAU01": ("Fauteuil de bureau Calanque", "Calanque office chair", 189.0, "tva_normale", 6),
    "BUR01": ("Bureau réglable Belvédère", "Belvédère adjustable desk", 438.0, "tva_normale", 3),
    "ARM01": ("Armoire métallique deux portes", "Two-door steel cabinet", 264.0, "tva_normale", 3),
    "LAM01": ("Lampe d'architecte", "Architect's lamp", 64.9, "tva_normale", 4),
    "PAP01": ("Ramettes de papier, carton de 5", "Paper, box of 5 reams", 31.5, "tva_normale", 10),
    "ENC01": ("Cartouche d'encre grande capacité", "High-yield toner", 87.4, "tva_normale", 5),
    "IMP01": ("Imprimante multifonction", "Multifunction printer", 649.0, "tva_normale", 1),
    "CAF01": ("Machine à café professionnelle", "Coffee machine", 1190.0, "tva_normale", 1),
    "CAF02": ("Café en grains, sac de 1 kg", "Coffee beans, 1 kg bag", 17.9, "tva_reduite", 20),
    "LIV01": ("Guide de l'aménagement de bureau", "Office design guide", 28.0, "tva_reduite", 4),
    "PLA01": ("Plateau-repas de réunion", "Meeting lunch box", 16.8, "tva_intermediaire", 15),
}
SERVICES = {
    "INS01": ("Livraison et installation", "Delivery and set-up", 95.0, "tva_normale", 1),
    "MAI01": ("Contrat d'entretien trimestriel", "Quarterly service", 240.0, "tva_normale", 1),
    "CON01": ("Étude d'aménagement, demi-journée", "Planning, half day", 390.0, "tva_normale", 2),
}
HOME_SERVICES = {
    "PEI01": (
        "Pose en logement de plus de deux ans",
        "Fitting in a home",
        180.0,
        "tva_intermediaire",
        2,
    ),
    "ISO01": ("Pose de stores isolants", "Insulating blinds, fitted", 210.0, "tva_reduite", 3),
}
RANGES = [("consu", GOODS), ("service", SERVICES), ("service", HOME_SERVICES)]
# name: (French, English, [(percent, kind of delay, days)])
TERMS = {
    "now": ("Paiement comptant", "Immediate payment", [(100, "days_after", 0)]),
    "30": ("30 jours", "30 days", [(100, "days_after", 30)]),
    "45eom": (
        "45 jours fin de mois",
        "45 days, end of month",
        [(100, "days_end_of_month_on_the", 45)],
    ),
    "60": ("60 jours", "60 days", [(100, "days_after", 60)]),
    "30/70": (
        "30 % à la commande, solde à 45 jours",
        "30% with the order, balance after 45 days",
        [(30, "days_after", 0), (70, "days_after", 45)],
    ),
}


def fill(env):
    """Create products and payment terms.

    :return: ({code: product}, {name: payment term})
    """
    products = {}
    for kind, items in RANGES:
        for code, item in items.items():
            products[code] = _product(env, code, kind, *item)
    return products, {name: _term(env, *values) for name, values in TERMS.items()}


def _product(env, code, kind, french, english, price, tax, _quantity):
    product = env["product.product"].create(
        {
            "name": french,
            "default_code": code,
            "type": kind,
            "list_price": price,
            "taxes_id": [(6, 0, env["account.chart.template"].ref(tax).ids)],
        }
    )
    translated(product, "name", english)
    return product


def _term(env, french, english, lines):
    term = env["account.payment.term"].create(
        {"name": french, "line_ids": [(0, 0, _term_line(*line)) for line in lines]}
    )
    translated(term, "name", english)
    return term


def _term_line(percent, delay_type, days):
    return {
        "value": "percent",
        "value_amount": percent,
        "delay_type": delay_type,
        "nb_days": days,
        "days_next_month": "0",
    }
