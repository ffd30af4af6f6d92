from odoo import SUPERUSER_ID, models


class ResCompany(models.Model):
    """People of ours who can no longer follow their customers."""

    _inherit = "res.company"

    def _get_dunning_absent(self):
        """The users who are named in this company and can no longer be asked there.

        :return: ``res.users`` records: collectors and salespeople of customers, the dunning manager
        """
        self.ensure_one()
        partners = self.env["res.partner"].sudo().with_company(self)
        groups = partners._read_group([("dunning_user_id", "!=", False)], ["dunning_user_id"])
        named = self.env["res.users"].sudo().union(*(user for (user,) in groups))
        named |= self.sudo().dunning_manager_id
        return named - self._filter_dunning_able(named) | self._get_dunning_gone_salespeople()

    def _get_dunning_gone_salespeople(self):
        """The archived salespeople of customers who owe something in this company."""
        users = self.env["res.users"].sudo().with_context(active_test=False)
        gone = users.search(
            [("active", "=", False), ("share", "=", False), ("id", "!=", SUPERUSER_ID)]
        )
        owing = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "child_of", self.root_id.ids),
                    ("partner_id.user_id", "in", gone.ids),
                    ("display_type", "=", "payment_term"),
                    ("parent_state", "=", "posted"),
                    ("reconciled", "=", False),
                    ("balance", ">", 0),
                ],
                ["partner_id"],
            )
        )
        return users.union(*(partner.user_id for (partner,) in owing))

    def _tell_dunning_absent(self):
        """A task for the dunning manager about each of them, once: meanwhile others are asked."""
        manager = self._get_dunning_manager()
        words = self.with_context(lang=manager.lang)
        for user in self._get_dunning_absent():
            summary = words.env._("%s can no longer be asked here: name somebody else", user.name)
            known = self.env["mail.activity"].sudo().with_context(active_test=False)
            if not known.search_count(
                [
                    ("res_model", "=", "res.partner"),
                    ("res_id", "=", self.partner_id.id),
                    ("summary", "=", summary),
                ],
                limit=1,
            ):
                note = words.env._(
                    "Archived, or without access to the company. Until then the next in line is "
                    "asked in their place. “Replace a collector” hands over customers and open "
                    "tasks of a collector."
                )
                self._schedule_dunning_task(self.partner_id, manager, summary, note)
