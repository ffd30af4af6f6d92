from odoo import models


class ResCompany(models.Model):
    """What is wrong on our own side: told once, to the dunning manager, on no customer."""

    _inherit = "res.company"

    def _tell_dunning_trouble(self, summary, note=""):
        """A task for the dunning manager on the company's own contact, while none stands open.

        :param summary: text, which says what is wrong; the same trouble has the same one
        :param note: text
        """
        self.ensure_one()
        self._tell_dunning_once(self.sudo().partner_id, summary, note)

    def _tell_dunning_once(self, partner, summary, note=""):
        """A task for the dunning manager on ``partner``, due today, unless one like it is open."""
        if summary not in partner.activity_ids.mapped("summary"):
            self._schedule_dunning_task(
                partner,
                self._get_dunning_manager(),
                summary,
                note,
                date_deadline=self._get_dunning_today(),
            )
