"""The customers: who they are, how they pay. All of them are invented.

A row: name, postcode, city, street, behaviour, terms, traits. Behaviours are those of
``payments``; traits are read by ``customers``.
"""

ACCOUNTS = [  # big accounts: large orders, a person who pays the bills
    ("Groupe Hôtelier Montclaret", "75008", "Paris", "41 rue du Colisée d'Argent", "slow", "45eom"),
    ("Cliniques des Trois Vallées", "38000", "Grenoble", "7 avenue de la Chartreuse", "good", "60"),
    ("Transports Bellerive & Fils", "69800", "Saint-Priest", "120 route des Charretiers",
     "difficulty", "45eom"),
    ("Laboratoires Ormesson-Vial", "69007", "Lyon", "55 rue des Alambics", "good", "45eom"),
    ("Assurances du Val Doré", "44000", "Nantes", "3 place des Armateurs", "good", "30"),
    ("Imprimeries Castelfranc", "59000", "Lille", "88 boulevard des Typographes", "slow", "60"),
    ("Constructions Ferrandier", "13002", "Marseille", "16 quai des Carènes", "disputes", "45eom"),
    ("Enseignement Supérieur Ampère-Sud", "34000", "Montpellier", "210 rue des Facultés", "good",
     "60"),
    ("Verreries de la Haute Saône", "70000", "Vesoul", "2 rue des Souffleurs", "slow", "45eom"),
    ("Logistique Portes du Rhône", "26000", "Valence", "Zone des Fouillouses, bâtiment C",
     "forgetful", "60"),
    ("Conserveries Larmor & Quiberac", "56100", "Lorient", "Quai des Sardiniers", "good", "45eom"),
    ("Énergies Renouvelables du Forez", "42000", "Saint-Étienne", "9 rue de l'Éolienne",
     "difficulty", "30/70"),
]  # fmt: skip
SHOPS = [
    ("Quincaillerie Malbosc", "07000", "Privas", "5 rue des Forges", "good", "30"),
    ("Boulangerie Aux Trois Épis", "69003", "Lyon", "132 cours des Minotiers", "forgetful", "30"),
    ("Librairie du Pont-Levis", "73000", "Chambéry", "11 rue des Enlumineurs", "slow", "30"),
    ("Garage Vercastel", "01000", "Bourg-en-Bresse", "64 avenue des Mécanos", "difficulty", "30"),
    ("Hôtel des Glycines Bleues", "74000", "Annecy", "2 impasse du Ponton", "good", "30"),
    ("Cabinet Dentaire Rives & Sources", "38500", "Voiron", "19 rue de l'Émail", "good", "30"),
    ("Opticien Regard Clair", "42300", "Roanne", "8 place des Lunetiers", "forgetful", "30"),
    ("Menuiserie Chêne & Compas", "43000", "Le Puy-en-Velay", "27 chemin du Rabot", "slow", "30"),
    ("Restaurant La Table d'Hortense", "69002", "Lyon", "14 rue des Bouchons", "difficulty", "now"),
    ("Agence Immobilière Clos Vermeil", "21000", "Dijon", "30 rue des Notaires", "good", "30"),
    ("Pharmacie de la Halle aux Toiles", "76000", "Rouen", "6 place de la Halle", "good", "30"),
    ("Fleurs & Saisons", "33000", "Bordeaux", "77 cours des Tulipiers", "forgetful", "now"),
    ("Studio Graphique Encre Vive", "31000", "Toulouse", "23 rue des Pastels", "slow", "30"),
    ("Auto-École du Rond-Point", "63000", "Clermont-Ferrand", "4 rue du Feu Vert", "good", "30"),
    ("Salon Coiffure Mille Boucles", "69100", "Villeurbanne", "51 rue des Ciseaux", "forgetful",
     "30"),
    ("Cave des Deux Coteaux", "84000", "Avignon", "9 rue des Vendangeurs", "good", "30"),
    ("Plomberie Sertaval", "26200", "Montélimar", "18 rue du Siphon", "slow", "30"),
    ("Fromagerie du Haut Alpage", "74200", "Thonon-les-Bains", "1 route des Estives", "good", "30"),
    ("Crèche Les P'tits Galets", "06000", "Nice", "35 avenue des Mouettes", "slow", "30"),
    ("Informatique Octet & Cie", "35000", "Rennes", "12 rue du Processeur", "good", "30"),
    ("Tapisserie Fil d'Autrefois", "23200", "Aubusson", "3 rue des Lissiers", "forgetful", "30"),
    ("Camping Les Pins Penchés", "40200", "Mimizan", "Route de la Dune Haute", "difficulty",
     "30/70"),
    ("Imagerie Médicale du Lac", "74000", "Annecy", "46 avenue du Semnoz Bleu", "good", "30"),
    ("Architectes Ligne & Volume", "67000", "Strasbourg", "20 quai des Compagnons", "disputes",
     "30/70"),
    ("Bijouterie Aurore & Fils", "45000", "Orléans", "17 rue des Orfèvres Neufs", "good", "30"),
    ("Messagerie Cap Express", "86000", "Poitiers", "80 rue des Diligences", "insolvent", "30"),
]  # fmt: skip
PUBLIC = [
    ("Commune de Saint-Vérin-sur-Azergue", "69480", "Saint-Vérin-sur-Azergue",
     "1 place de la Mairie", "slow", "30"),
    ("Lycée Polyvalent Jeanne-Villepreux", "69140", "Rillieux-la-Pape", "25 avenue des Écoles",
     "slow", "30"),
    ("Communauté de Communes des Monts d'Ardelle", "42110", "Feurs-en-Ardelle",
     "14 rue de l'Intercommunalité", "good", "30"),
]  # fmt: skip
NONPROFESSIONAL = [
    ("Association Les Mains Solidaires", "69007", "Lyon", "40 rue des Entraides", "slow", "30"),
    ("Syndic de la Copropriété Les Terrasses", "69006", "Lyon", "92 boulevard des Brotteaux Neufs",
     "forgetful", "30"),
    ("Club d'Aviron du Confluent", "69002", "Lyon", "Quai des Rameurs", "good", "30"),
]  # fmt: skip
CONSUMERS = [
    ("Monique Delavergne", "69004", "Lyon", "3 rue des Canuts Joyeux", "good", "now"),
    ("Patrick Sauvanet", "69160", "Tassin-la-Demi-Lune", "21 rue du Méridien", "forgetful", "30"),
    ("Inès Bouzerda", "69100", "Villeurbanne", "8 rue du Grand Jeu", "good", "now"),
    ("Gérard Montvallon", "01700", "Miribel", "5 impasse du Belvédère", "difficulty", "30/70"),
    ("Sophie Kerandraon", "69300", "Caluire-et-Cuire", "60 montée des Forts", "slow", "30"),
    ("Antoine Lespinasse", "69230", "Saint-Genis-Laval", "13 allée des Platanes", "good", "now"),
    ("Rose-Marie Hoareau", "97400", "Saint-Denis", "4 rue des Flamboyants", "forgetful", "30"),
    ("Mathieu Perrachon", "38200", "Vienne", "29 rue du Cirque Romain", "good", "30"),
    ("Yvette Combaluzier", "69600", "Oullins", "10 rue du Bac Perdu", "slow", "30"),
    ("Thi-Lan Nguyen-Roche", "69008", "Lyon", "101 avenue des Cinémas", "good", "now"),
    ("Baptiste Vauzelle", "42400", "Saint-Chamond", "6 rue des Lacets", "difficulty", "30"),
]  # fmt: skip
FOREIGN = [
    ("Bureaux & Confort Brabançons SRL", "1300", "Wavre", "12 chaussée des Tanneurs", "slow",
     "30", {"country": "BE"}),
    ("Marlowe & Finch Interiors Ltd", "BS1 4ND", "Bristol", "7 Tobacco Wharf", "forgetful", "30",
     {"country": "GB", "lang": "en_US", "currency": "GBP"}),
    ("Cedar Hollow Offices Inc.", "97205", "Portland", "1450 SW Larch Street", "good", "60",
     {"country": "US", "lang": "en_US", "currency": "USD"}),
    ("Möbelhaus Tannengrund GmbH", "79098", "Freiburg", "Gerberweg 14", "good", "30",
     {"country": "DE", "lang": "en_US"}),
    ("Horlogerie du Val-de-Ruz SA", "2053", "Cernier", "Rue des Balanciers 3", "slow", "30",
     {"country": "CH"}),
]  # fmt: skip
CONTACTS = [
    "Amandine Rocher", "Bruno Tissot", "Cécile Morvan", "David Lemercier", "Estelle Garrigue",
    "Franck Bonnafous", "Géraldine Pasquet", "Hugo Vialatte", "Isabelle Clémentin", "Jérôme Aubrac",
    "Karine Delmotte", "Laurent Esteban", "Mireille Chaptal", "Nicolas Jourdain", "Odile Fabregue",
    "Pascal Rimbert", "Quentin Savary", "Raphaëlle Dumas", "Sandrine Poncet", "Thierry Valadou",
    "Ursule Maréchal", "Valérie Cochard", "William Brossard", "Xavier Lagarde", "Yasmina Khelifi",
    "Zoé Tournier",
]  # fmt: skip
# name: traits that set one customer apart
SPECIAL = {
    "Quincaillerie Malbosc": {"mailbox": "contact"},
    "Fleurs & Saisons": {"mailbox": "contact", "person": False},
    "Camping Les Pins Penchés": {"mailbox": "info", "person": False},
    "Opticien Regard Clair": {"mailbox": "contact"},
    "Tapisserie Fil d'Autrefois": {"mailbox": None, "person": False},
    "Plomberie Sertaval": {"address": False},
    "Messagerie Cap Express": {"insolvency_days": 70},
    "Yvette Combaluzier": {"mailbox": None},
    "Association Les Mains Solidaires": {"mailbox": "bonjour"},
}


def rows():
    """Every customer as (group, name, postcode, city, street, behaviour, terms, traits)."""
    everybody = [
        ("account", ACCOUNTS),
        ("shop", SHOPS),
        ("public", PUBLIC),
        ("nonprofessional", NONPROFESSIONAL),
        ("consumer", CONSUMERS),
        ("foreign", FOREIGN),
    ]
    return [_row(group, *each) for group, members in everybody for each in members]


def _row(group, name, postcode, city, street, behaviour, terms, traits=None):
    traits = {**(traits or {}), **SPECIAL.get(name, {})}
    return group, name, postcode, city, street, behaviour, terms, traits
