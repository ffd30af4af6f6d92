"""Who may do what with the models of deliveries."""

from odoo.tests import new_test_user, tagged

from odoo.addons.relance_graduee.tests.test_rights import GROUPS, OPERATIONS

from .common import StockCommon

MODULE = "relance_graduee_stock"
ALL_GROUPS = {
    **GROUPS,
    "seller": "base.group_user,sales_team.group_sale_salesman",
    "worker": "base.group_user,stock.group_stock_user",
    "keeper": "base.group_user,stock.group_stock_manager",
}
# Model -> rights of nobody, reader, invoicing, collector, manager, seller, worker, keeper.
RIGHTS = {
    "dunning.departure": ("", "", "", "r", "r", "", "", "r"),
    "dunning.departure.record": ("", "", "", "", "rwcd", "", "", ""),
}


@tagged("post_install", "-at_install")
class TestStockMatrix(StockCommon):
    def test_every_model_has_its_rights_decided(self):
        models = self.env["ir.model"].search([("model", "=like", "dunning.%")])
        ours = models.filtered(lambda m: m.modules.split(", ")[0] == MODULE)
        self.assertEqual({m.model for m in ours if not self.env[m.model]._abstract}, set(RIGHTS))

    def test_each_group_each_model_each_right(self):
        users = {
            name: new_test_user(self.env, f"matrix_{name}", groups=groups)
            for name, groups in ALL_GROUPS.items()
        }
        for model, rights in RIGHTS.items():
            for name, right in zip(ALL_GROUPS, rights, strict=True):
                for letter, operation in OPERATIONS.items():
                    with self.subTest(model=model, group=name, operation=operation):
                        found = self.env[model].with_user(users[name]).has_access(operation)
                        self.assertEqual(found, letter in right)

    def test_portal_and_public_see_nothing(self):
        portal = new_test_user(self.env, "matrix_portal", groups="base.group_portal")
        for user in (portal, self.env.ref("base.public_user")):
            for model in RIGHTS:
                with self.subTest(user=user.login, model=model):
                    self.assertFalse(self.env[model].with_user(user).has_access("read"))
