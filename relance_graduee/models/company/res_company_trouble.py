from odoo import models
from odoo.tools import plaintext2html


class ResCompany(models.Model):
    """What is wrong on our own side: told once, to the dunning manager, on no customer."""

    _inherit = "res.company"

    def _tell_dunning_trouble(self, summary, note=""):
        """A task for the dunning manager on the company's own contact, while none stands open.

        Its message leaves by the queue: a dead mail server is not waited for to tell of itself.

        :param summary: text, which says what is wrong; the same trouble has the same one
        :param note: text
        """
        self.ensure_one()
        ours = self.sudo().partner_id.with_context(mail_notify_force_send=False)
        if summary not in ours.activity_ids.mapped("summary"):
            ours.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self._get_dunning_today(),
                summary=summary,
                note=plaintext2html(note),
                user_id=self._get_dunning_manager().id,
            )
