"""Orders of customers who may be on hold; days are counted from today, as guards count them."""

from odoo import Command

from odoo.addons.relance_graduee.tests.common_credit import MODULE, CreditCommon


class SaleCommon(CreditCommon):
    """``cls.customer`` owes 900, 20 days late: blocked. ``cls.good`` owes nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        seller_groups = "sales_team.group_sale_salesman,base.group_partner_manager"
        cls.seller = cls._user("seller", seller_groups, email="seller@company.example")
        cls.manager = cls._user("manager", f"{MODULE}.group_dunning_manager")
        cls.customer.user_id = cls.seller
        cls.good = cls._create_customer("Good", user_id=cls.seller.id)
        cls.product = cls.env["product.product"].create(
            {
                "name": "Goods",
                "type": "consu",
                "invoice_policy": "delivery",
                "list_price": 100,
                "taxes_id": False,
            }
        )
        cls.debt = cls._invoice(20, 900)

    @classmethod
    def _order(cls, partner=None, quantity=1, price=100.0, user=None, confirm=False, **vals):
        order = (
            cls.env["sale.order"]
            .with_user(user or cls.seller)
            .create(
                {
                    "partner_id": (partner or cls.customer).id,
                    "user_id": cls.seller.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": cls.product.id,
                                "product_uom_qty": quantity,
                                "price_unit": price,
                                "tax_ids": False,
                            }
                        )
                    ],
                    **vals,
                }
            )
        )
        if confirm:
            order.action_confirm()
        return order
