from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...tools.postal_address import LINES, WIDTH, format_postal_lines, shorten_line, to_capitals

texts = st.text(max_size=90) | st.none()


@tagged("post_install", "-at_install")
class TestPostalAddress(BaseCase):
    def test_french_company(self):
        lines = format_postal_lines(
            "Imprimerie Martin & Fils",
            "Mme Élise d'Ormesson",
            "12 bis, rue de l'Œuvre",
            "Bâtiment B – 3e étage",
            "42000",
            "Saint-Étienne",
        )
        self.assertEqual(
            lines,
            [
                "IMPRIMERIE MARTIN & FILS",
                "MME ELISE D ORMESSON",
                "BATIMENT B 3E ETAGE",
                "12 BIS RUE DE L OEUVRE",
                "42000 SAINT ETIENNE",
            ],
        )

    def test_post_box_stands_below_the_street(self):
        lines = format_postal_lines(
            "Durand", None, "4 quai Perrache", "CS 40123", "69002", "Lyon Cedex 02"
        )
        self.assertEqual(lines, ["DURAND", "4 QUAI PERRACHE", "CS 40123", "69002 LYON CEDEX 02"])

    def test_country_is_the_seventh_line(self):
        lines = format_postal_lines(
            "Société A",
            "Service comptabilité",
            "1 rue B\nHall C\nPorte D",
            "Zone E",
            "1000",
            "Bruxelles",
            "Belgique",
        )
        self.assertEqual(len(lines), 7)
        self.assertEqual(lines[-2:], ["1000 BRUXELLES", "BELGIQUE"])

    def test_long_street_keeps_number_and_last_name(self):
        line = shorten_line("128 AVENUE DU MARECHAL JEAN DE LATTRE DE TASSIGNY")
        self.assertLessEqual(len(line), WIDTH)
        self.assertTrue(line.startswith("128 AV ") and line.endswith("TASSIGNY"), line)

    def test_long_name_loses_its_end_not_its_words(self):
        line = shorten_line(
            "SOCIETE INDUSTRIELLE DE MECANIQUE GENERALE DU SUD EST & CIE", is_name=True
        )
        self.assertEqual(line, "STE IND MECANIQUE GENERALE SUD EST")

    def test_long_name_takes_two_lines_where_one_is_free(self):
        name = "Syndicat des copropriétaires de la résidence Les Jardins du Lac bâtiment"
        for end in ("A", "B"):
            lines = format_postal_lines(f"{name} {end}", None, "1 rue A", "", "74000", "Annecy")
            self.assertEqual(
                lines,
                [
                    "SYNDICAT DES COPROPRIETAIRES DE LA RES",
                    f"LES JARDINS DU LAC BAT {end}",
                    "1 RUE A",
                    "74000 ANNECY",
                ],
            )

    def test_long_names_with_equal_beginnings_stay_apart_on_one_line(self):
        name = "Société Coopérative Agricole des Producteurs Réunis de la Vallée Section"
        full = ("Mme X", "1 rue A\nHall B\nPorte C", "Zone D", "74000", "Annecy")
        first, second = (format_postal_lines(f"{name} {end}", *full)[0] for end in ("Nord", "Sud"))
        self.assertTrue(first.endswith("NORD") and second.endswith("SUD"), (first, second))
        self.assertLessEqual(len(first), WIDTH)

    def test_contact_keeps_its_line(self):
        lines = format_postal_lines("A" * 30 + " " + "B" * 30, "Mme X", "1 rue A", "", "1", "C")
        self.assertEqual(lines, ["A" * 30, "B" * 30, "MME X", "1 RUE A", "1 C"])

    def test_long_city_keeps_its_postcode(self):
        lines = format_postal_lines(
            "X", zip_code="51290", city="Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson"
        )
        self.assertTrue(lines[-1].startswith("51290 S") and lines[-1].endswith("ISSON"), lines)
        self.assertLessEqual(len(lines[-1]), WIDTH)

    def test_contact_that_repeats_the_name_is_left_out(self):
        self.assertEqual(
            format_postal_lines("Jean Dupont", "Jean DUPONT", "1 rue A", "", "75001", "Paris"),
            ["JEAN DUPONT", "1 RUE A", "75001 PARIS"],
        )

    def test_other_alphabets_are_kept(self):
        self.assertEqual(to_capitals("Αθήνα Łódź 東京"), "ΑΘΗΝΑ LODZ 東京")

    def test_nothing_gives_nothing(self):
        self.assertEqual(format_postal_lines("", None, False, "  ", None, ""), [])

    @settings(deadline=None, max_examples=100)
    @given(st.tuples(*[texts] * 7))
    def test_shape_holds_for_any_input(self, fields):
        lines = format_postal_lines(*fields)
        self.assertLessEqual(len(lines), LINES + 1)
        for line in lines:
            self.assertTrue(0 < len(line) <= WIDTH, line)
            self.assertEqual(line, line.strip())
