"""A collector leaves: customers and open tasks go to somebody else at once."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common_channels import ChannelCommon


@tagged("post_install", "-at_install")
class TestCollectorChange(ChannelCommon):
    def _change(self, new=None):
        return (
            self.env["dunning.collector.change"]
            .with_user(self.manager)
            .create(
                {
                    "company_id": self.company.id,
                    "old_user_id": self.collector.id,
                    "new_user_id": (new or self.manager).id,
                }
            )
        )

    def test_all_is_handed_over(self):
        other = self._create_customer("Other", dunning_user_id=self.collector.id)
        call = self._delivery(self._propose(1), "phone")
        task = self.company._schedule_dunning_task(other, self.collector, "Look")
        self.collector.active = False
        change = self._change()
        self.assertEqual((change.customer_count, change.task_count), (2, 2))
        change.action_replace()
        self.assertEqual((self.customer | other).dunning_user_id, self.manager)
        self.assertEqual((call.user_id, task.user_id), (self.manager, self.manager))

    def test_not_to_who_cannot(self):
        deputy = new_test_user(self.env, "dunning_deputy", company_id=self.company.id)
        change = self._change(deputy)
        deputy.active = False
        with self.assertRaises(UserError):
            change.action_replace()
        with self.assertRaises(UserError):
            self._change(self.collector).action_replace()

    def test_for_managers_alone(self):
        with self.assertRaises(AccessError):
            self.env["dunning.collector.change"].with_user(self.collector).create(
                {"old_user_id": self.collector.id, "new_user_id": self.manager.id}
            )
