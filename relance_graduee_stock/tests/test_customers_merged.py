"""A delivery that waits goes on waiting, whatever becomes of its customer meanwhile."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import MODULE, StockCommon

MERGE = "base.partner.merge.automatic.wizard"


@tagged("post_install", "-at_install")
class TestCustomerChanges(StockCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        editor = "base.group_partner_manager"
        cls.editor = cls._user("merge_editor", editor)
        cls.collector = cls._user("merge_collector", f"{MODULE}.group_dunning_user")
        cls.manager = cls._user("merge_manager", f"{MODULE}.group_dunning_manager")
        cls.double = cls._create_customer("Double")
        cls.never = cls._create_policy(
            "Never",
            {"name": "E-mail", "delay_days": 9, "send_email": True},
            block_overdue_amount=0,
        )

    def _merge(self, user, dst, src):
        (dst | src).email = "same@customer.example"
        self.env[MERGE].with_user(user).create({})._merge((dst | src).ids, dst.with_user(user))
        self.env.invalidate_all()

    def _still_held(self, picking, change):
        """Whether it is refused or not, the delivery waits as before; it is undone."""
        self.env.flush_all()
        savepoint = self.cr.savepoint(flush=False)
        try:
            change()
            self.env.flush_all()
        except UserError:
            savepoint.rollback()
        self.env.transaction.clear()
        self._refused(picking.button_validate)
        savepoint.close(rollback=True)
        self.env.transaction.clear()

    def test_merged_it_is_still_held(self):
        """Into one with the same ladder, or with none: the debts come along."""
        customer = self.customer
        for number, user in enumerate((self.editor, self.collector, self.manager)):
            with self.subTest(user=user.login):
                double = self._create_customer(f"Double {number}")
                picking = self._delivery(customer)
                self._merge(user, double, customer)
                self.assertEqual(picking.sudo().partner_id, double)
                self._refused(picking.button_validate)
                customer = double

    def test_nobody_but_a_manager_frees_it(self):
        picking = self._delivery()
        self.double.dunning_policy_id = self.never
        child = {"is_company": False}
        for user in (self.editor, self.collector):
            customer = self.customer.with_user(user)
            for change in (
                lambda user=user: self._merge(user, self.double, self.customer),
                lambda c=customer: c.write({"parent_id": self.double.id, **child}),
                lambda c=customer: c.write({"dunning_policy_id": self.never.id}),
                lambda c=customer: c.write({"active": False}),
            ):
                self._still_held(picking, change)
        self._merge(self.manager, self.double, self.customer)
        self.assertEqual(self.double.with_company(self.company).dunning_policy_id, self.never)
        picking.button_validate()

    def test_put_under_another_company_it_is_held_there(self):
        picking = self._delivery()
        self.customer.with_user(self.manager).write(
            {"parent_id": self.double.id, "is_company": False}
        )
        self.assertEqual(picking.sudo().partner_id.commercial_partner_id, self.double)
        self._refused(picking.button_validate)

    def test_a_contact_that_leaves_takes_neither_debts_nor_goods(self):
        person = self.env["res.partner"].create({"name": "Ann", "parent_id": self.customer.id})
        picking = self._transfer(partner=person)
        self._refused(picking.button_validate)
        leave = {"parent_id": False}
        self._still_held(picking, lambda: person.with_user(self.editor).write(leave))
