from odoo import models


class DunningItem(models.Model):
    """That an item waits because of what was said, in words."""

    _inherit = "dunning.item"

    def _get_wait_sentence(self, item, facts):
        return (
            self._get_formal_wait(facts)
            or self._get_contact_wait(item, facts)
            or super()._get_wait_sentence(item, facts)
            or self._get_cancelled_wait(facts)
        )

    def _get_formal_wait(self, facts):
        deadline = facts.get("formal_deadline")
        if deadline and deadline >= facts["day"]:
            return self.env._("Waiting: formal notice until %s", self._format(deadline))
        return None

    def _get_contact_wait(self, item, facts):
        until = facts.get("contact_until")
        if not until or until <= facts["day"]:
            return None
        days = item.policy_id.min_contact_days - (until - facts["day"]).days
        if days > 1:
            return self.env._("Waiting: customer contacted %s days ago", days)
        if days == 1:
            return self.env._("Waiting: customer contacted yesterday")
        return self.env._("Waiting: customer contacted today")

    def _get_cancelled_wait(self, facts):
        until = facts.get("cancelled_until")
        if until and until > facts["day"]:
            return self.env._("Waiting: a proposal was cancelled, until %s", self._format(until))
        return None
