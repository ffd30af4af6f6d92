"""Whoever is chosen must be able to serve: a person of ours, an address of theirs."""

import ast
from pathlib import Path

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common_channels import ChannelCommon

ADD_ONS = Path(__file__).parents[3]
# The only files that make tasks and ask for a customer's collector: they ask whether they can.
PLACES = {
    "activity_schedule": {"relance_graduee/models/company/res_company_people.py"},
    "dunning_user_id": {
        "relance_graduee/models/item/res_partner.py",
        # whose right to be one is looked at
        "relance_graduee/models/credit/res_partner_found.py",
        # what is shown, and what is fetched at once
        "relance_graduee/models/item/dunning_item.py",
        "relance_graduee/models/credit/dunning_account.py",
        "relance_graduee/models/notice/dunning_notice.py",
    },
    "plaintext2html": set(),
}


@tagged("post_install", "-at_install")
class TestPeople(ChannelCommon):
    """Collector, salesperson, manager: active, of ours, with access, else the next in line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deputy = new_test_user(
            cls.env,
            "dunning_deputy",
            groups="base.group_user,relance_graduee.group_dunning_manager",
            name="Denise Deputy",
            company_id=cls.company.id,
        )

    def _notice(self):
        return self.env["dunning.notice"].new(
            {"partner_id": self.customer.id, "company_id": self.company.id}
        )

    def test_collector_of_the_customer(self):
        self.assertEqual(self._notice()._get_collector(), self.collector)

    def test_archived_collector_is_followed_by_the_manager(self):
        self.collector.active = False
        self.assertEqual(self._notice()._get_collector(), self.manager)

    def test_archived_manager_is_followed_by_another(self):
        (self.collector | self.manager).write({"active": False})
        self.assertEqual(self._notice()._get_collector(), self.company._get_dunning_manager())
        self.assertNotIn(self._notice()._get_collector(), self.collector | self.manager)
        self.assertTrue(self._notice()._get_collector().active)

    def test_who_lost_the_company_is_not_asked(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.collector.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertEqual(self._notice()._get_collector(), self.manager)

    def test_access_to_a_branch_is_enough(self):
        branch = self._create_branches("Branch")
        self.collector.write({"company_ids": [(6, 0, branch.ids)], "company_id": branch.id})
        self.assertEqual(self._notice()._get_collector(), self.collector)

    def test_portal_user_is_not_asked(self):
        portal = new_test_user(self.env, "whom_portal", groups="base.group_portal")
        self.customer.dunning_user_id = portal
        self.assertEqual(self._notice()._get_collector(), self.manager)

    def test_archived_salesperson(self):
        seller = new_test_user(self.env, "whom_seller", company_id=self.company.id)
        self.customer.user_id = seller
        self.assertEqual(self._notice()._get_salesperson(), seller)
        seller.active = False
        self.assertEqual(self._notice()._get_salesperson(), self.collector)

    def test_archived_collector_neither_signs_nor_gets_answers(self):
        self.collector.active = False
        notice = self._propose(0)
        mail = self._delivery(notice, "email").mail_id
        self.assertNotIn("colette", f"{mail.email_from} {mail.reply_to}".lower())
        self.assertIn("manon@company.example", mail.reply_to)
        self.assertEqual(mail.author_id, self.manager.partner_id)

    def test_call_of_an_archived_collector_goes_to_the_manager(self):
        self.collector.active = False
        call = self._delivery(self._propose(1), "phone")
        self.assertEqual(call.user_id, self.manager)

    def test_task_for_who_left_goes_to_the_manager(self):
        self.collector.active = False
        company, customer = self.company, self.customer
        self.assertEqual(
            company._schedule_dunning_task(customer, self.collector, "A").user_id, self.manager
        )

    def test_manager_is_told_once_of_who_left(self):
        self.collector.active = False
        self._due(0)
        for _again in range(2):
            self._launch()
            tasks = self._activities(self.company.partner_id)
            tasks = tasks.filtered(lambda task: "Colette Collector" in task.summary)
            self.assertEqual(tasks.user_id, self.manager)
            self.assertEqual(len(tasks), 1)

    def test_manager_is_told_once_of_a_salesperson_who_left(self):
        gone, idle = (
            new_test_user(self.env, login, name=login, company_id=self.company.id)
            for login in ("Sold Here", "Sold Nothing")
        )
        self.customer.user_id = gone
        self._create_customer("Owes nothing").user_id = idle
        self._due(0)
        (gone | idle).active = False
        for _again in range(2):
            self._launch()
            tasks = self._activities(self.company.partner_id)
            self.assertEqual(len(tasks.filtered(lambda t: "Sold Here" in t.summary)), 1)
            self.assertFalse(tasks.filtered(lambda t: "Sold Nothing" in t.summary))

    def test_plain_text_stays_plain_in_a_task(self):
        words = "see www.evil.example or <FA12>\nhttps://evil.example"
        task = self.company._schedule_dunning_task(self.customer, self.manager, "A", words)
        self.assertIn("&lt;FA12&gt;", task.note)
        self.assertNotIn("<a", task.note)

    def test_nobody_is_asked_elsewhere(self):
        """Walks the code: tasks, collectors and typed texts have one way each."""
        wrong = []
        for name, allowed in PLACES.items():
            for path in self._get_sources():
                short = str(path.relative_to(ADD_ONS))
                if short not in allowed and self._uses(path, name):
                    wrong.append(f"{short}: {name}")
        self.assertEqual(wrong, [])

    @staticmethod
    def _get_sources():
        for add_on in ("relance_graduee", "relance_graduee_sale", "relance_graduee_stock"):
            for folder in ("models", "wizards", "controllers"):
                yield from (ADD_ONS / add_on / folder).rglob("*.py")

    @staticmethod
    def _uses(path, name):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and node.attr == name:
                return True
            if isinstance(node, ast.Name) and node.id == name:
                return True
        return False


@tagged("post_install", "-at_install")
class TestPostalAddress(ChannelCommon):
    """The most specific record that has what is needed wins."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.account_fiscal_country_id = cls.env.ref("base.fr")

    def _invoicing(self, **vals):
        return self.env["res.partner"].create(
            {"name": "Accounts", "type": "invoice", "parent_id": self.customer.id, **vals}
        )

    def _lines(self, number=2):
        notice = self._propose(number)
        return notice._get_postal_lines()

    def test_invoicing_contact_without_street_leaves_that_of_the_company(self):
        self._invoicing(email="accounts@customer.example")
        lines = self._lines()
        self.assertEqual(lines[-2:], ["2 RUE DU CLIENT", "69002 LYON"])

    def test_invoicing_contact_with_its_own_address_wins(self):
        self._invoicing(street="7 quai Nord", zip="13001", city="Marseille")
        self.assertEqual(self._lines()[-2:], ["7 QUAI NORD", "13001 MARSEILLE"])

    def test_street_is_never_put_into_another_city(self):
        self._invoicing(zip="13001", city="Marseille")
        self.assertEqual(self._lines()[-2:], ["2 RUE DU CLIENT", "69002 LYON"])

    def test_city_of_the_company_completes_a_street(self):
        self._invoicing(street="7 quai Nord")
        self.assertEqual(self._lines()[-2:], ["7 QUAI NORD", "69002 LYON"])

    def test_postcode_of_the_same_city_completes(self):
        self._invoicing(street="7 quai Nord", city="LYON")
        self.assertEqual(self._lines()[-2:], ["7 QUAI NORD", "69002 LYON"])

    def test_formal_notice_goes_to_the_seat(self):
        self._invoicing(street="7 quai Nord", zip="13001", city="Marseille")
        self.assertEqual(self._lines(3)[-2:], ["2 RUE DU CLIENT", "69002 LYON"])

    def test_formal_notice_to_a_seat_without_street(self):
        self.customer.write({"street": False})
        self._invoicing(street="7 quai Nord", zip="13001", city="Marseille")
        self.assertEqual(self._lines(3)[-2:], ["7 QUAI NORD", "13001 MARSEILLE"])

    @mute_logger("odoo.addons.relance_graduee.models.run.dunning_sender")
    def test_nobody_has_an_address(self):
        self.customer.write({"street": False})
        notice = self._propose(3)
        obstacle = self.env["dunning.channel.letter"]._get_obstacle(notice)
        self.assertIn("no complete postal address", obstacle)
