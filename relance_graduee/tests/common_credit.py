"""Customers who may or may not get goods: days are counted from today, as guards count them."""

from odoo import fields
from odoo.tests import new_test_user

from .common_channels import ChannelCommon

MODULE = "relance_graduee"


class CreditCommon(ChannelCommon):
    """``cls.day`` is today: what decides about goods knows no other day."""

    @classmethod
    def setUpClass(cls):
        cls.day = fields.Date.today()
        super().setUpClass()
        cls.policy.write({"block_overdue_amount": 500, "block_overdue_days": 15})

    @classmethod
    def _user(cls, name, groups, **vals):
        return new_test_user(
            cls.env,
            f"credit_{name}",
            groups=f"base.group_user,{groups}",
            company_id=cls.company.id,
            **vals,
        )

    def _hold(self, partner=None, company=None):
        """(level, codes of the causes) as a guard is told."""
        partner = partner or self.customer
        found = partner._get_delivery_holds(company or self.company)
        hold = found.get(partner.commercial_partner_id.id, {"hold": "none", "causes": []})
        return hold["hold"], set(hold["causes"])

    def _reason(self, partner=None):
        partner = partner or self.customer
        return partner._get_delivery_holds(self.company)[partner.id]["reason"]

    def _account(self, partner=None, company=None):
        partner = partner or self.customer
        self.env["dunning.account"].invalidate_model()
        return (
            self.env["dunning.account"]
            .with_context(dunning_partner_ids=partner.ids)
            .search(
                [
                    ("partner_id", "=", partner.id),
                    ("company_id", "=", (company or self.company).id),
                ]
            )
        )

    def _release(self, scope="amount", grant=True, **vals):
        vals = {"partner_id": self.customer.id, "company_id": self.company.id} | vals
        release = self.env["dunning.release"].create(
            {"scope": scope, "reason": "Agreed by telephone", **vals}
        )
        if grant:
            release.action_grant()
        return release
