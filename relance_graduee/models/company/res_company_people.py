from odoo import api, fields, models

from ..common.groups import INTERNAL_GROUP, MANAGER_GROUP
from ..common.words import one_line, plain_to_html

TODO_ACTIVITY = "mail.mail_activity_data_todo"


class ResCompany(models.Model):
    """Who of ours is asked for something: somebody who can do it, else the next in line.

    A user can who is active, one of ours (no portal) and has access to the company, or to one of
    its branches. Whoever is to sign, to receive answers or to have a task is chosen here.
    """

    _inherit = "res.company"

    dunning_responsible_id = fields.Many2one(
        "res.users",
        compute="_compute_dunning_responsible_id",
        compute_sudo=True,
        groups=INTERNAL_GROUP,
    )

    @api.depends("dunning_manager_id.active", "dunning_manager_id.company_ids")
    def _compute_dunning_responsible_id(self):
        """The dunning manager; who cannot be asked is replaced by another manager, then by an
        administrator."""
        for company in self:
            named = company._filter_dunning_able(company.dunning_manager_id)
            named = named or company._get_dunning_deputies()[:1]
            company.dunning_responsible_id = named or self.env.ref("base.user_admin")

    def _get_dunning_manager(self):
        """The user notified of failures (see ``dunning_responsible_id``)."""
        self.ensure_one()
        return self.sudo().dunning_responsible_id.with_env(self.env)

    def _get_dunning_deputies(self):
        """Managers of this company, the administrator last; without any, administrators."""
        admin = self.env.ref("base.user_admin")
        managers = self._filter_dunning_able(self.env.ref(MANAGER_GROUP).sudo().all_user_ids)
        if managers:
            return managers.sorted(lambda user: (user == admin, user.id))
        system = self.env.ref("base.group_system").sudo().all_user_ids
        return self._filter_dunning_able(system).sorted("id")

    def _filter_dunning_able(self, users):
        """Those of ``users`` who can be asked for something in this company, in their order."""
        self.ensure_one()
        root = self.sudo().root_id
        return users.sudo().filtered(
            lambda user: (
                user.active
                and not user.share
                and not user._is_superuser()
                and root in user.company_ids.root_id
            )
        )

    def _get_dunning_able(self, users):
        """The first of ``users`` who can be asked, else the dunning manager."""
        return self._filter_dunning_able(users)[:1] or self._get_dunning_manager()

    def _schedule_dunning_task(self, record, user, summary, note="", kind=TODO_ACTIVITY, **vals):
        """A task (activity) on ``record`` for ``user``, or for the manager if they cannot do it.

        :param note: plain text, shown as it is; or ``Markup``
        :return: ``mail.activity`` records
        """
        doer = self._get_dunning_able(user)
        # by the queue: a mail server that does not answer is not to stop who tells it
        queued = record.with_context(mail_notify_force_send=False)
        return queued.activity_schedule(
            kind, summary=one_line(summary), note=plain_to_html(note), user_id=doer.id, **vals
        )
