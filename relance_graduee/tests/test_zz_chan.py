from odoo.tests import tagged
from .test_time_travel import TestTimeTravel as _T
@tagged("post_install", "-at_install")
class TestZz(_T):
    def test_zz(self):
        partner = self._customer_on("key_accounts")
        inv = self._unpaid(partner, 12000.0)
        out=[]
        def each(n):
            if -22<=n<=9:
                i=self._item(inv, n)
                ns=self.env["dunning.notice"].search([("partner_id","=",partner.id)],order="id")
                out.append((n,i.step_id.name,i.next_step_id.name,str(i.next_date),i.hold_reason,[(x.step_id.name,x.state,x.failure_reason,x.approved_by.login,x.cancel_reason) for x in ns]))
        self._travel(partner, days=9, first=-22, each_day=each)
        raise Exception("\n".join(map(str,out)))
