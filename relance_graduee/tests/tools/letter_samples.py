"""Letters as the notices make them, with realistic content, for tests and benchmarks.

``write_samples(env, folder)`` writes the PDF files of a few letters, to be looked at.
"""

import base64
import datetime
import io
import pathlib

from markupsafe import Markup

COLUMNS = [
    ("number", "N° de facture", "left", 24),
    ("date", "Date", "left", 14),
    ("due", "Échéance", "left", 14),
    ("label", "Objet", "left", None),
    ("order", "Votre réf.", "left", 16),
    ("net", "Montant HT", "right", 16),
    ("gross", "Montant TTC", "right", 16),
    ("paid", "Réglé", "right", 14),
    ("balance", "Reste dû", "right", 16),
    ("days", "Retard (j)", "right", 9),
]
LABELS = [
    "Maintenance annuelle du parc d'imprimantes, site de Vénissieux",
    "Cartouches et papier",
    "Intervention du 12 mars",
    "Location de deux copieurs couleur, 2e trimestre",
    "Formation des utilisateurs (2 jours)",
    "Remplacement du four de l'imprimante n° 7",
]
FR = {
    "lang": "fr_FR",
    "mode": "",
    "place_date": "Lyon, le 22 novembre 2026",
    "salutation": "Madame, Monsieur,",
    "memo_title": "Pour mémoire, hors du total : autres factures échues",
}
BODY = Markup(
    "<p>Sauf erreur ou omission de notre part, les factures ci-dessous restent à régler à ce "
    "jour. Il s'agit sans doute d'un oubli, et nous vous remercions d'y donner suite dès "
    "réception de cette lettre.</p>"
    "<p>Si votre règlement nous a croisés, veuillez ne pas tenir compte de ce rappel.</p>"
)
CLOSING = Markup(
    "<p>Nous vous remercions de bien vouloir régler la somme de <b>{amount}</b> avant le "
    "<b>7 décembre 2026</b>. Si une difficulté s'oppose à ce règlement, ou si vous contestez "
    "l'une de ces factures, dites-le-nous : nous chercherons ensemble une solution.</p>"
    "<p>Nous vous prions d'agréer, Madame, Monsieur, nos salutations distinguées.</p>"
)
FORMAL_BODY = Markup(
    "<p>Malgré nos rappels des 3 septembre, 2 octobre et 20 octobre 2026, restés sans réponse, "
    "vous ne nous avez pas réglé les factures dont le détail suit.</p>"
    "<p>Par la présente, nous vous mettons en demeure de nous payer la somme de "
    "<b>{amount}</b>, qui se décompose ainsi :</p>"
)
FORMAL_CLOSING = Markup(
    "<p>Cette somme doit nous parvenir <b>au plus tard le 14 décembre 2026</b>, par virement sur "
    "le compte indiqué ci-dessous. La présente vaut mise en demeure au sens des articles 1231 et "
    "1344 du code civil et fait courir les intérêts.</p>"
    "<p>À défaut de règlement à cette date :</p>"
    "<ul><li>les livraisons en cours seront suspendues ;</li>"
    "<li>les pénalités de retard prévues à l'article L. 441-10 du code de commerce continueront "
    "de courir jusqu'au paiement complet ;</li>"
    "<li>nous transmettrons le dossier à notre conseil, sans autre avis.</li></ul>"
    "<p>Nous restons à votre disposition pour convenir d'un échéancier si vous nous en faites la "
    "demande avant cette date.</p>"
    "<p>Nous vous prions d'agréer, Madame, Monsieur, nos salutations distinguées.</p>"
)


def amount(value):
    """An amount as French letters print it, with narrow no-break spaces."""
    return f"{value:,.2f}".replace(",", "\u202f").replace(".", ",") + "\xa0€"


def picture(width, height, color):
    """A data URI of a plain PNG picture."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, height, height), height // 5, fill=color)
    draw.rectangle((height * 1.3, height * 0.3, width, height * 0.7), fill=color)
    return data_uri(image)


def data_uri(image):
    target = io.BytesIO()
    image.save(target, "PNG")
    return "data:image/png;base64," + base64.b64encode(target.getvalue()).decode()


def qr_code(text):
    """A data URI of a QR code, as Odoo makes one for SEPA transfers."""
    import qrcode

    code = qrcode.QRCode(box_size=8, border=0)
    code.add_data(text)
    return data_uri(code.make_image().convert("RGB"))


def signature():
    """A data URI of something that looks like a signature."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (440, 160), "white")
    points = [
        (20, 110),
        (60, 30),
        (90, 120),
        (140, 50),
        (170, 110),
        (230, 60),
        (260, 100),
        (330, 40),
        (420, 90),
    ]
    ImageDraw.Draw(image).line(points, fill="#1b2a6b", width=5, joint="curve")
    return data_uri(image)


def sender(logo=False):
    return {
        "name": "Bureautique du Rhône SAS",
        "logo": logo,
        "lines": [
            "48 avenue Jean Jaurès",
            "69007 Lyon",
            "Tél. 04 72 00 00 00",
            "comptabilite@bureautique-rhone.example",
        ],
        "legal": [
            "Bureautique du Rhône, SAS au capital de 120 000 € – Siège : 48 avenue Jean "
            "Jaurès, 69007 Lyon – SIREN 812\xa0345\xa0676 RCS\xa0Lyon – "
            "TVA FR\xa012\xa0812345676"
        ],
        "contact_lines": [
            "Affaire suivie par Claire Dumont",
            "Ligne directe : 04 72 00 00 12",
            "c.dumont@bureautique-rhone.example",
        ],
    }


def row(number, credit=False, scale=1.0):
    """One row, different for each number."""
    gross = round((137.4 + 311.27 * number) * scale, 2)
    day = datetime.date(2026, 3, 2) + datetime.timedelta(days=3 * number % 120)
    due = day + datetime.timedelta(days=30)
    paid = gross / 2 if number % 7 == 3 else 0
    if credit:
        return {
            "kind": "credit",
            "number": f"AVO/2026/{number:05d}",
            "date": f"{day:%d/%m/%y}",
            "label": "Avoir à déduire",
            "balance": f"−{amount(gross / 10)}",
        }
    return {
        "kind": "item",
        "number": f"FAC/2026/{number:05d}",
        "date": f"{day:%d/%m/%y}",
        "due": f"{due:%d/%m/%y}",
        "label": LABELS[number % len(LABELS)],
        "order": f"CDE-{4000 + number}",
        "net": amount(gross / 1.2),
        "gross": amount(gross),
        "paid": amount(paid) if paid else "",
        "balance": amount(gross - paid),
        "days": str((datetime.date(2026, 11, 22) - due).days),
    }


def payment(marker, total, qr=True):
    return {
        "title": "Pour nous régler par virement",
        "lines": [
            ("Bénéficiaire", "Bureautique du Rhône SAS"),
            ("IBAN", "FR76 3000 4000 0312 3456 7890 143"),
            ("BIC", "BNPAFRPPXXX"),
            ("Montant", total),
            ("Référence", marker),
        ],
        "qr": qr and qr_code(f"BCD\n002\n1\nSCT\n\nBureautique du Rhone\nFR76\nEUR1\n{marker}"),
        "note": "Scannez ce code avec l'application de votre banque : le virement est prérempli.",
    }


def letter(number=1, rows=6, **changes):
    """A courteous reminder with some rows; ``changes`` replace keys of the letter."""
    marker = f"CPT/2026/{number:05d}"
    total = amount(12345.67 + number)
    return (
        FR
        | {
            "marker": marker,
            "sender": sender(),
            "recipient_lines": [
                "IMPRIMERIE MARTIN ET FILS",
                "MADAME SOPHIE LEGRAND",
                "ZONE INDUSTRIELLE DES BRUYERES",
                "12 RUE DE LA REPUBLIQUE",
                "42000 SAINT ETIENNE",
            ],
            "subject": "Vos factures échues : rappel",
            "references": [("Notre référence", marker), ("Votre compte client", "C-004217")],
            "enclosures": ["copie des factures citées"],
            "body_html": BODY,
            "columns": columns(),
            "rows": [row(each) for each in range(1, rows + 1)],
            "totals": [
                {"label": "Total des factures échues", "amount": total},
                {"label": "Net à payer", "amount": total, "strong": True},
            ],
            "memo_rows": [],
            "closing_html": CLOSING.format(amount=total),
            "payment": payment(marker, total),
            "signature": {
                "name": "Claire Dumont",
                "capacity": "Responsable du recouvrement",
                "image": False,
            },
            "annexes": [],
        }
        | changes
    )


def columns(labels=None):
    return [
        {"key": key, "label": (labels or {}).get(key, label), "align": align, "width": width}
        for key, label, align, width in COLUMNS
    ]


def formal_notice(number=1, rows=40, memo=6, **changes):
    """A formal notice with credits, interest and items for the record."""
    total = amount(251634.18)
    return (
        letter(number)
        | {
            "sender": sender(logo=picture(900, 220, "#2f5d50")),
            "mode": "Lettre recommandée avec avis de réception n°\xa01A\xa0204\xa0518\xa07736\xa04",
            "subject": "Mise en demeure de payer la somme de 251\xa0634,18\xa0€ avant le 14 "
            "décembre 2026",
            "enclosures": ["copie de 40 factures", "décompte des pénalités de retard"],
            "body_html": FORMAL_BODY.format(amount=total),
            "rows": [row(each) for each in range(1, rows + 1)] + [row(901, credit=True)],
            "memo_rows": [row(each) for each in range(500, 500 + memo)],
            "totals": [
                {
                    "label": "Principal : factures échues, avoirs déduits",
                    "amount": amount(243981.5),
                },
                {
                    "label": "Pénalités de retard arrêtées au 22 novembre 2026 (taux de 12,15 % "
                    "l'an, soit 84 jours en moyenne)",
                    "amount": amount(6052.68),
                },
                {
                    "label": "Indemnité forfaitaire pour frais de recouvrement (40 × 40,00\xa0€)",
                    "amount": amount(1600),
                },
                {"label": "Somme à payer", "amount": total, "strong": True},
            ],
            "closing_html": FORMAL_CLOSING,
            "payment": payment(f"CPT/2026/{number:05d}", total),
            "signature": {
                "name": "Jean-Baptiste Moreau",
                "capacity": "Directeur administratif et financier, par délégation du président",
                "image": signature(),
            },
            "annexes": [
                {
                    "title": "Annexe : décompte des pénalités de retard",
                    "html": Markup(
                        "<p>Taux : taux de refinancement de la BCE majoré de 10 points, année "
                        "de 365 jours.</p>"
                    ),
                    "columns": [
                        {"key": "number", "label": "Facture", "width": 34},
                        {"key": "label", "label": "Période"},
                        {"key": "base", "label": "Base", "align": "right", "width": 30},
                        {"key": "days", "label": "Jours", "align": "right", "width": 16},
                        {"key": "rate", "label": "Taux", "align": "right", "width": 20},
                        {"key": "interest", "label": "Pénalités", "align": "right", "width": 30},
                    ],
                    "rows": [
                        {
                            "number": f"FAC/2026/{each:05d}",
                            "label": "du 02/05/2026 au 22/11/2026",
                            "base": amount(300 + 311 * each),
                            "days": "204",
                            "rate": "12,15 %",
                            "interest": amount(20.4 + 21 * each),
                        }
                        for each in range(1, 41)
                    ],
                    "totals": [
                        {"label": "Total des pénalités", "amount": amount(6052.68), "strong": True}
                    ],
                }
            ],
        }
        | changes
    )


def english_letter(number=1, rows=12, **changes):
    """A reminder to a customer abroad."""
    labels = {
        "number": "Invoice",
        "date": "Date",
        "due": "Due date",
        "label": "Description",
        "order": "Your order",
        "net": "Net",
        "gross": "Gross",
        "paid": "Paid",
        "balance": "Balance",
        "days": "Days late",
    }
    return (
        letter(number, rows)
        | {
            "lang": "en_US",
            "place_date": "Lyon, 22 November 2026",
            "recipient_lines": [
                "NORTHERN PAPER LTD",
                "MR JAMES O CONNOR",
                "UNIT 14 RIVERSIDE PARK",
                "27 CANAL STREET",
                "MANCHESTER M1 3HE",
                "UNITED KINGDOM",
            ],
            "subject": "Overdue invoices: a friendly reminder",
            "references": [
                ("Our reference", f"CPT/2026/{number:05d}"),
                ("Your account", "C-009981"),
            ],
            "enclosures": ["copies of the invoices"],
            "salutation": "Dear Sir or Madam,",
            "columns": columns(labels),
            "body_html": Markup(
                "<p>According to our books, the invoices below are still open. If "
                "your payment is on its way, please disregard this letter.</p>"
            ),
            "closing_html": Markup(
                "<p>We would be grateful to receive your transfer by <b>7 December "
                "2026</b>. Should anything be wrong with one of these invoices, "
                "please tell us: we will put it right.</p>"
                "<p>Yours faithfully,</p>"
            ),
            "signature": {"name": "Claire Dumont", "capacity": "Credit controller", "image": False},
        }
        | changes
    )


def posting_list(count=12):
    """The data of a list of registered letters."""
    return {
        "lang": "fr_FR",
        "marker": "BORD/2026/0007",
        "sender": sender(),
        "date": datetime.date(2026, 11, 22),
        "rows": [
            {
                "tracking_number": f"1A 204 518 {7000 + number} 4",
                "number": f"CPT/2026/{number:05d}",
                "recipient": "Imprimerie Martin et Fils",
                "address": f"{number} rue de la République, 42000 Saint-Étienne",
            }
            for number in range(1, count + 1)
        ],
    }


def write_samples(env, folder):
    """Writes the PDF files of some letters into a folder; gives their paths."""
    letters = {
        "courteous": letter(1),
        "formal": formal_notice(2),
        "english": english_letter(3),
        "short": letter(4, rows=1, payment=None, enclosures=[]),
        "fifteen": letter(5, rows=15),
        "seventeen": formal_notice(6, 9, 3, annexes=[]),
    }
    paths = []
    for name, pdf in zip(letters, env["dunning.letter"]._render_letters(list(letters.values()))):
        paths.append(pathlib.Path(folder) / f"{name}.pdf")
        paths[-1].write_bytes(pdf)
    paths.append(pathlib.Path(folder) / "posting_list.pdf")
    paths[-1].write_bytes(env["dunning.posting.list"]._render_posting_list(posting_list(40)))
    return paths
