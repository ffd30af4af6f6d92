from odoo import api, fields, models
from odoo.tools import format_date

from ..common.groups import ACCOUNTING_GROUPS
from .dunning_delivery_answer import CALL_OUTCOMES


class AccountMoveLine(models.Model):
    """Items that are left in peace for some days, after what the customer said of them.

    It stops reminders and nothing else: goods are freed by who accepts it alone
    (``_accept_dunning``).
    """

    _inherit = "account.move.line"

    dunning_stay_until = fields.Date(
        string="No reminder until", readonly=True, copy=False, groups=ACCOUNTING_GROUPS
    )
    dunning_stay_outcome = fields.Selection(
        CALL_OUTCOMES,
        string="After the answer",
        readonly=True,
        copy=False,
        groups=ACCOUNTING_GROUPS,
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"dunning_stay_until", "dunning_stay_outcome"}

    def _set_dunning_stay(self, until, outcome):
        """Remind nothing of these items up to ``until`` included; a longer stay remains.

        :param outcome: a code of ``CALL_OUTCOMES``: what the customer said
        """
        items = self.sudo().filtered(
            lambda line: (
                line._is_dunning_open()
                and (not line.dunning_stay_until or line.dunning_stay_until < until)
            )
        )
        labels = dict(self._fields["dunning_stay_outcome"]._description_selection(self.env))
        items._trace_dunning(
            labels[outcome], self.env._("No reminder until %s", format_date(self.env, until))
        )
        items.write({"dunning_stay_until": until, "dunning_stay_outcome": outcome})
