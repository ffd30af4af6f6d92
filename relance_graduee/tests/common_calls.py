"""What tests of calls, visits and contacts share."""

from .common_channels import ChannelCommon


class CallCommon(ChannelCommon):
    def _call(self, partner=None):
        """A call on the list, for the second step."""
        notice = self._propose(1, partner)
        delivery = self._delivery(notice, "phone")
        self.assertEqual((notice.state, delivery.state), ("approved", "todo"))
        return delivery

    def _close(self, delivery, outcome, days=0, user=None, **vals):
        """Fill the form of the outcome, as the collector does on that day."""
        delivery = delivery.with_user(user or self.collector)
        wizard = delivery.env["dunning.call"].create(
            {"delivery_id": delivery.id, "outcome": outcome, "date": self._at(days), **vals}
        )
        with self._clock(days):
            wizard.action_close()
        self.customer.invalidate_recordset()
        return delivery.sudo()

    @staticmethod
    def _stay_until(delivery):
        """Until when nothing is reminded of what the call was about."""
        lines = delivery._get_told_notice()._get_told_lines().move_line_id
        return lines[:1].dunning_stay_until

    def _paused_until(self, partner=None):
        return (partner or self.customer).with_company(self.company).dunning_paused_until

    def _extra_call(self, **vals):
        return self.env["dunning.delivery"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "channel": "phone",
                "date_planned": self.day,
                **vals,
            }
        )
