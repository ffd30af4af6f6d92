"""Forms belong to who opened them: nobody else reads, changes, exports or deletes one."""

from odoo.tests import tagged

from .common import AttackCommon, get_our_models


@tagged("post_install", "-at_install")
class TestForms(AttackCommon):
    """In Odoo 19 a transient model has no owner but by a rule: each of ours has one."""

    def test_every_form_has_an_owner_by_a_rule(self):
        rules = self.env["ir.rule"].sudo()
        for name in get_our_models(self.env, transient=True):
            with self.subTest(model=name):
                found = rules.search([("model_id.model", "=", name), ("groups", "=", False)])
                owned = [rule for rule in found if "create_uid" in (rule.domain_force or "")]
                self.assertTrue(owned, "a rule on create_uid, for everybody")

    def test_nobody_comes_by_the_form_of_another(self):
        """Whatever rights in the model: a collector's form is not the manager's either."""
        for name in get_our_models(self.env, transient=True):
            form = self._make(name, owner="collector")
            self.assertEqual(form.create_uid, self.users["collector"])
            for kind in self.users.keys() - {"collector"}:
                with self.subTest(model=name, kind=kind):
                    self._attack(kind, form)

    def _attack(self, kind, form):
        """Read, look for, group, export, change, copy and delete it."""
        mine = [("id", "in", form.ids)]
        spec = {field: {} for field in form._fields if field not in ("create_uid", "write_uid")}
        for method, args in {
            "read": (["display_name"],),
            "web_read": (spec,),
            "export_data": (["id"],),
            "write": ({"write_date": "2026-01-01"},),
            "copy": (),
            "unlink": (),
        }.items():
            refused, _result = self._rpc(kind, form, method, *args)
            self.assertTrue(refused, method)
        for method, args in {
            "search": (mine,),
            "search_count": (mine,),
            "search_read": (mine,),
            "web_search_read": (mine, {"id": {}}),
            "name_search": ("", mine),
            "formatted_read_group": (mine, ["create_date:day"], ["__count"]),
        }.items():
            refused, result = self._rpc(kind, form, method, *args)
            empty = (not result) if not isinstance(result, dict) else not result["length"]
            self.assertTrue(refused or empty, (method, result))

    def test_owner_works_with_it(self):
        """The rule keeps nobody from the own form: open, change, read again, as the client does."""
        for name in get_our_models(self.env, transient=True):
            form = self._make(name, owner="manager")
            if form.with_user(self.users["manager"]).has_access("read"):
                with self.subTest(model=name):
                    refused, result = self._rpc("manager", form, "web_read", {"id": {}})
                    self.assertFalse(refused, result)
                    self.assertEqual(result, [{"id": form.id}])

    def test_lines_are_no_way_into_the_form_of_another(self):
        """A line that a colleague hangs onto an open form is refused, not shown to its owner."""
        for name in get_our_models(self.env, transient=True):
            for field in self._get_parents(name):
                with self.subTest(model=name, parent=field.name):
                    form = self._make(field.comodel_name, owner="collector")
                    vals = self._prepare_any_vals(self.env[name]) | {field.name: form.id}
                    refused, result = self._rpc("manager", self.env[name], "create", [vals])
                    self.assertTrue(refused, result)

    def _get_parents(self, name):
        forms = get_our_models(self.env, transient=True)
        return [
            field
            for field in self.env[name]._fields.values()
            if field.type == "many2one" and field.comodel_name in forms
        ]
