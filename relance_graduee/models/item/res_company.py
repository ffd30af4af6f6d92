from odoo import models


class ResCompany(models.Model):
    """Collectors who can no longer follow their customers."""

    _inherit = "res.company"

    def _get_dunning_absent(self):
        """The users who are named in this company and can no longer be asked there.

        :return: ``res.users`` records: collectors of customers, the dunning manager
        """
        self.ensure_one()
        partners = self.env["res.partner"].sudo().with_company(self)
        groups = partners._read_group([("dunning_user_id", "!=", False)], ["dunning_user_id"])
        named = self.env["res.users"].sudo().union(*(user for (user,) in groups))
        named |= self.sudo().dunning_manager_id
        return named - self._filter_dunning_able(named)

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
                    "Archived, or without access to the company. Until then you are asked in their "
                    "place. Customers and open tasks are handed over by “Replace a collector”."
                )
                self._schedule_dunning_task(self.partner_id, manager, summary, note)
