"""What collectors alone decide about a customer is written on no way by anybody else.

Every guarded field of the registry, on every way that a partner is written, by every kind of user.
"""

from contextlib import contextmanager

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..common_credit import MODULE, CreditCommon

MERGE = "base.partner.merge.automatic.wizard"
# Who edits contacts and decides nothing about reminders.
OTHERS = {
    "salesperson": "base.group_partner_manager",
    "invoicing": "base.group_partner_manager,account.group_account_invoice",
    "accountant": "base.group_partner_manager,account.group_account_manager",
    "settings": "base.group_system",
}


class GuardCommon(CreditCommon):
    """A customer that owes and is held, a contact of it, and a soft ladder."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.others = {kind: cls._user(f"guard_{kind}", groups) for kind, groups in OTHERS.items()}
        cls.collector = cls._user("guard_collector", f"{MODULE}.group_dunning_user")
        cls.manager = cls._user("guard_manager", f"{MODULE}.group_dunning_manager")
        cls.soft = cls._create_policy(
            "Soft", {"name": "E-mail", "delay_days": 60, "send_email": True}
        )
        cls.invoice = cls._invoice(40, 900)
        cls.child = cls.env["res.partner"].create({"name": "Ann", "parent_id": cls.customer.id})
        cls.head = cls._create_customer("Head")

    @contextmanager
    def _request_of(self, user):
        """Commands of other records are carried out as the user of the request."""
        transaction = self.env.transaction
        before, transaction.default_env = transaction.default_env, self.env(user=user, su=False)
        try:
            yield
        finally:
            transaction.default_env = before

    def _try(self, do, user=None):
        """Do it in a savepoint that is rolled back if it is refused.

        :return: whether it was refused
        """
        self.env.flush_all()
        try:
            with self.cr.savepoint(), self._request_of(user or self.env.user):
                do()
                self.env.flush_all()
        except (UserError, ValueError):
            self.env.transaction.clear()
            return True
        self.env.invalidate_all()
        return False

    def _merge(self, user, dst, *others):
        partners = dst.union(*others)
        partners.email = "same@customer.example"
        wizard = self.env[MERGE].with_user(user).create({})
        wizard._merge(partners.ids, dst.with_user(user))


@tagged("post_install", "-at_install")
class TestDayOfTheCompany(GuardCommon):
    def test_who_edits_contacts_moves_no_day(self):
        """By the time zone of the company's contact; an administrator sets it."""
        for kind, user in self.others.items():
            own = self.company.partner_id.with_user(user)
            refused = self._try(lambda own=own: own.write({"tz": "Pacific/Kiritimati"}), user)
            self.assertEqual(refused, kind != "settings", kind)
            self.customer.with_user(user).tz = "Europe/Paris"


@tagged("post_install", "-at_install")
class TestGuardedFields(GuardCommon):
    def _get_value(self, name):
        """A value that was not decided, as it is written."""
        field = self.env["res.partner"]._fields[name]
        if field.type == "many2one":
            records = {"dunning.policy": self.soft, "res.users": self.collector}
            return records.get(field.comodel_name, self.head).id
        values = {"date": self._at(20), "char": "Nice people", "float": 1.5}
        return [Command.set(self.child.ids)] if field.type == "many2many" else values[field.type]

    def _get_vals(self, name):
        """With what a value needs to be one: a pause without reason is refused to everybody."""
        together = [
            {"dunning_paused_until", "dunning_pause_reason"},
            {"dunning_hold_until", "dunning_hold_reason"},
        ]
        names = next((pair for pair in together if name in pair), {name})
        return {each: self._get_value(each) for each in sorted(names)}

    def _get_ways(self, customer, child, vals):
        """Way -> function that writes the values so."""
        partners = customer.browse()
        new = {"name": "New", "is_company": True}
        defaults = {f"default_{name}": value for name, value in vals.items()}
        columns = ["name", *vals]
        row = ["Imported", *(self._as_text(name, value) for name, value in vals.items())]
        return {
            "create": lambda: partners.create({**new, **vals}),
            "default": lambda: partners.with_context(**defaults).create(new),
            "default as superuser": lambda: partners.sudo().with_context(**defaults).create(new),
            "quick": lambda: partners.with_context(**defaults).name_create("New"),
            "user default": lambda: self._create_with_own_default(partners, vals),
            "copy": lambda: customer.copy(vals),
            "import": lambda: self._load(partners, columns, row),
            "write": lambda: customer.write(vals),
            "web_save": lambda: customer.web_save(vals, {}),
            "of a child": lambda: child.write(vals),
            "child command": lambda: customer.write({"child_ids": [(1, child.id, vals)]}),
            "new child": lambda: customer.write({"child_ids": [(0, 0, {"name": "C", **vals})]}),
            "parent": lambda: child.write({"parent_id": customer.id, **vals}),
        }

    def _as_text(self, name, value):
        field = self.env["res.partner"]._fields[name]
        if field.comodel_name:
            ids = value[0][2] if field.type == "many2many" else [value]
            return ",".join(self.env[field.comodel_name].browse(ids).mapped("display_name"))
        return str(value)

    def _load(self, partners, columns, row):
        result = partners.load(columns, [row])
        if not result["ids"]:
            raise UserError(str(result["messages"]))

    def _create_with_own_default(self, partners, vals):
        for name, value in vals.items():
            if not isinstance(value, list):
                given = value if isinstance(value, (int, float)) else str(value)
                self.env["ir.default"].set("res.partner", name, given, user_id=partners.env.uid)
        partners.create({"name": "New", "is_company": True})

    def _get_written(self, name):
        """Set of (partner id, value) as they are stored."""
        self.env.flush_all()
        field = self.env["res.partner"]._fields[name]
        if field.type == "many2many":
            columns, table = (field.column1, field.column2), field.relation
        else:
            columns, table = ("id", name), "res_partner"
        return set(
            self.env.execute_query(
                SQL(
                    "SELECT %s, %s::text FROM %s WHERE %s IS NOT NULL",
                    *map(SQL.identifier, (*columns, table, columns[1])),
                )
            )
        )

    def test_on_no_way_by_anybody_else(self):
        for name in sorted(self.env["res.partner"]._get_dunning_guarded_fields()):
            vals, before = self._get_vals(name), self._get_written(name)
            for kind, user in self.others.items():
                ways = self._get_ways(
                    self.customer.with_user(user), self.child.with_user(user), vals
                )
                for way, do in ways.items():
                    with self.subTest(field=name, way=way, kind=kind):
                        self._try(do, user)
                        self.assertEqual(self._get_written(name), before)

    def test_by_collectors_on_each(self):
        """The attempts above fail for who tries them."""
        for name in sorted(self.env["res.partner"]._get_dunning_guarded_fields()):
            vals = self._get_vals(name)
            for way in ("write", "create", "import"):
                customer = self.head.with_user(self.collector)
                if name in ("dunning_limit_partner_id", "dunning_contact_ids"):
                    customer = self.customer.with_user(self.collector)
                    if way != "write":
                        continue  # the contacts of one who is not there yet
                with self.subTest(field=name, way=way):
                    do = self._get_ways(customer, self.child, vals)[way]
                    self.assertFalse(self._try(do))

    def test_merging_brings_nothing(self):
        """Whoever owes stays as it was decided, whichever of the two remains."""
        for name in sorted(self.env["res.partner"]._get_dunning_guarded_fields()):
            before = repr(self.customer[name])
            for kind, user in self.others.items():
                for into in ("customer", "contact"):
                    with self.subTest(field=name, kind=kind, into=into):
                        contact = self._create_contact(name)
                        pair = [self.customer, contact]
                        dst, src = pair if into == "customer" else pair[::-1]
                        savepoint = self.cr.savepoint()
                        try:
                            self._merge(user, dst, src)
                            self.env.invalidate_all()
                            now = self.invoice.commercial_partner_id
                            self.assertEqual(repr(now[name]), before)
                            self.assertEqual(self._hold(now)[0], "blocked")
                        except UserError as error:
                            self.assertTrue(str(error), "refused in words")
                        finally:
                            savepoint.close(rollback=True)
                            self.env.transaction.clear()

    def _create_contact(self, name):
        """A duplicate of the customer of which something else was decided, by who may."""
        vals = self._get_vals(name) if name != "dunning_contact_ids" else {}
        contact = self._create_customer("Double", **{"dunning_policy_id": False, **vals})
        if name == "dunning_contact_ids":
            person = contact.create({"name": "Bob", "parent_id": contact.id})
            contact.dunning_contact_ids = person
        return contact

    def test_what_is_owed_is_put_under_no_softer_ladder(self):
        """Of a customer that nothing holds as well."""
        owing = self._create_customer("Owing")
        self._invoice(3, 100, partner=owing)
        soft = self._create_customer("Soft", dunning_policy_id=self.soft.id)
        alike = self._create_customer("Alike")
        for kind, user in self.others.items():
            for parent, is_refused in ((soft, True), (alike, False)):
                with self.subTest(kind=kind, parent=parent.name):
                    vals = {"parent_id": parent.id, "is_company": False}
                    savepoint = self.cr.savepoint()
                    moved = owing.with_user(user)
                    self.assertEqual(
                        self._try(lambda moved=moved, vals=vals: moved.write(vals)), is_refused
                    )
                    savepoint.close(rollback=True)
                    self.env.transaction.clear()
        person = soft.create({"name": "Bob", "parent_id": owing.id})
        person.with_user(self.others["salesperson"]).parent_id = soft  # who owes nothing himself

    def test_contacts_are_the_customers_own(self):
        with self.assertRaisesRegex(UserError, "its own contacts"):
            self.customer.dunning_contact_ids = self.head


@tagged("post_install", "-at_install")
class TestHoldsThatStay(GuardCommon):
    """By nobody but a dunning manager is a hold lifted in passing."""

    def _get_ways(self, user):
        customer, child = self.customer.with_user(user), self.child.with_user(user)
        head = self.head.with_user(user)
        partners = customer.browse()
        return {
            "kind": lambda: customer.write({"customer_kind": "public", "dunning_policy_id": False}),
            "policy": lambda: customer.write({"dunning_policy_id": self.soft.id}),
            "insolvency": lambda: customer.write({"insolvency_date": self.day}),
            "parent": lambda: customer.write({"parent_id": head.id, "is_company": False}),
            "child of": lambda: head.write({"child_ids": [Command.link(customer.id)]}),
            "made parent": lambda: partners.create(
                {"name": "Shell", "is_company": True, "child_ids": [Command.link(customer.id)]}
            ),
            "commercial": lambda: customer.write({"commercial_partner_id": head.id}),
            "own company": lambda: child.write({"parent_id": False, "is_company": True}),
            "shared limit": lambda: customer.write({"dunning_limit_partner_id": head.id}),
            "merged": lambda: self._merge(user, self.head, self.customer),
            "merged into": lambda: self._merge(user, self.customer, self.head),
            "contact merged": lambda: self._merge(user, self.head, self.child),
            "archived": lambda: customer.write({"active": False}),
            "paused": lambda: customer._set_dunning_pause(self._at(30), "Talks"),
        }

    def _walk(self, user):
        """Way -> whether goods were free after it."""
        freed = {}
        for way in self._get_ways(user):
            savepoint = self.cr.savepoint()
            try:
                with self._request_of(user):
                    self._get_ways(user)[way]()
                    self.env.flush_all()
                self.env.invalidate_all()
                owing = self.env["account.move"].browse(self.invoice.ids).commercial_partner_id
                freed[way] = self._hold(owing)[0] != "blocked"
            except UserError:
                freed[way] = False
            finally:
                savepoint.close(rollback=True)
                self.env.transaction.clear()
        return freed

    def setUp(self):
        super().setUp()
        # whoever becomes of it: a ladder that never holds
        self.env["dunning.policy"].search([]).block_overdue_amount = 0
        self.policy.block_overdue_amount = 500
        self.head.dunning_policy_id = self.soft
        self.invoice_of_child = self._invoice(40, 50, partner=self.child)

    def test_nobody_frees_goods_in_passing(self):
        for user in (*self.others.values(), self.collector):
            self.assertEqual(self._hold()[0], "blocked")
            freed = self._walk(user)
            with self.subTest(user=user.login):
                self.assertFalse([way for way, is_free in freed.items() if is_free])

    def test_a_dunning_manager_decides(self):
        freed = self._walk(self.manager)
        self.assertTrue(freed["policy"] and freed["insolvency"] and freed["merged"])

    def test_a_limit_is_raised_by_collectors(self):
        self.customer.dunning_policy_id = self.soft
        self.customer.write({"use_partner_credit_limit": True, "credit_limit": 100})
        self.assertEqual(self._hold(), ("blocked", {"limit", "late"}))
        accountant = self.customer.with_user(self.others["accountant"])
        self.assertTrue(self._try(lambda: accountant.write({"credit_limit": 5000})))
        self.assertFalse(self._try(lambda: accountant.write({"credit_limit": 200})))
        collector = self.customer.with_user(self.collector)
        self.assertFalse(self._try(lambda: collector.write({"credit_limit": 5000})))
        self.assertNotEqual(self._hold()[0], "blocked")

    def test_releases_go_to_nobody_else(self):
        other = self._create_customer("Released")
        self._release("until", partner_id=other.id, amount=5000)
        for user in (self.others["accountant"], self.collector):
            for do in (
                lambda user=user: other.with_user(user).write(
                    {"parent_id": self.customer.id, "is_company": False}
                ),
                lambda user=user: self._merge(user, self.customer, other),
                lambda user=user: self._merge(user, other, self.customer),
                lambda user=user: self.customer.with_user(user).write(
                    {"parent_id": other.id, "is_company": False}
                ),
            ):
                with self.subTest(user=user.login):
                    self.assertTrue(self._try(do))
        self.assertFalse(self._try(lambda: self._merge(self.manager, self.customer, other)))

    def test_everything_moves_with_the_debts(self):
        """Notes, releases, acceptances: what was decided of who owes is found with it."""
        line = self._term_lines(self.invoice)
        line._accept_dunning(self._at(5), "Known")
        self.customer._set_dunning_pause(self._at(60), "Talks")
        release = self._release("amount", amount=50)
        double = self._create_customer("Double", dunning_policy_id=self.policy.id)
        self._merge(self.manager, double, self.customer)
        self.env.invalidate_all()
        self.assertEqual(release.partner_id, double)
        self.assertEqual(double.dunning_note_ids.mapped("kind"), ["pause"])
        self.assertEqual(double.dunning_paused_until, self._at(60))
        self.assertEqual(line.partner_id, double)
        self.assertEqual(line.dunning_accepted_until, self._at(5))

    def test_who_merges_duplicates_as_ever(self):
        """Nothing is owed, or the same was decided: whoever may merge contacts merges them."""
        double = self._create_customer("Double", dunning_policy_id=False)
        seller = self.others["salesperson"]
        self.assertFalse(self._try(lambda: self._merge(seller, self.customer, double)))
        self.assertEqual(self.customer.dunning_policy_id, self.policy)
        first, second = self._create_customer("First"), self._create_customer("Second")
        self.assertFalse(self._try(lambda: self._merge(seller, first, second)))
        with self.assertRaises(AccessError):
            first.with_user(seller).dunning_policy_id = self.soft


@tagged("post_install", "-at_install")
class TestFound(GuardCommon):
    """What an update finds of what was decided before."""

    def _find(self):
        self.env["res.partner"]._tell_of_found()
        return {
            note.partner_id: note.reason
            for note in self.env["dunning.customer.note"].search([("kind", "=", "found")])
        }

    def test_pauses_ladders_and_people_of_who_may_not(self):
        seller = self.others["salesperson"]
        long, soft, owned = (self._create_customer(name) for name in ("Long", "Soft", "Owned"))
        self.env.flush_all()
        long.sudo()._write_dunning_decisions(
            {
                "dunning_paused_until": {str(self.company.id): "2999-01-01"},
                "dunning_pause_reason": {str(self.company.id): "Nice people"},
            }
        )
        soft.with_user(seller).sudo().dunning_policy_id = self.soft
        owned.dunning_user_id = seller
        self.env.execute_query(
            SQL(
                """INSERT INTO res_partner_dunning_contact_rel (partner_id, contact_id)
                   VALUES (%s, %s) RETURNING 1""",
                owned.id,
                self.child.id,
            )
        )
        found = self._find()
        self.assertIn("a year is the most", found[long])
        self.assertIn("Nobody is known who paused it", found[long])
        self.assertIn(f"{seller.name} gave it the policy “Soft”", found[soft])
        self.assertIn(f"Its collector {seller.name} has no right", found[owned])
        self.assertIn("Ann, who is no contact of it", found[owned])
        self.assertNotIn(self.head, found)

    def test_holds_that_are_new(self):
        self.assertNotIn(self.customer, self._find())
        self.customer._set_dunning_pause(self._at(5), "Talks")
        self.company.dunning_manager_id = self.manager
        found = self._find()
        self.assertIn("Its deliveries are held", found[self.customer])
        tasks = self.env["mail.activity"].search([("user_id", "=", self.manager.id)])
        self.assertIn("an update found something", tasks.mapped("summary")[0])
