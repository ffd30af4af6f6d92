from odoo import models


class DunningPolicy(models.Model):
    """A ladder is warned about the channels of its formal notices."""

    _inherit = "dunning.policy"

    def _get_formal_warnings(self):
        """Formal notices that prove little: unregistered, or one copy that may stay unclaimed."""
        warnings = super()._get_formal_warnings()
        for step in self.step_ids.filtered("is_formal_notice"):
            if not (step.registered_letter or step.registered_email):
                text = self.env._("“%s” is not registered: its receipt will be hard to prove.")
                warnings.append(text % step.name)
            elif not (step.send_email or step.print_letter):
                text = self.env._(
                    "“%s” leaves registered only: an e-mail and an ordinary letter on the same "
                    "day reach those who do not fetch it."
                )
                warnings.append(text % step.name)
        return warnings
