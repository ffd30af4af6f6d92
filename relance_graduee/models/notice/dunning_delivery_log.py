from markupsafe import Markup

from odoo import api, models
from odoo.tools import format_date


class DunningDelivery(models.Model):
    """The result of each delivery: a light line on the customer and on the claimed invoices.

    Written when it is known, whichever way: done, not done, failed, and what comes back of a
    letter. Without amounts, since customers are shared by companies; the notice says the rest.
    """

    _inherit = "dunning.delivery"

    @api.model_create_multi
    def create(self, vals_list):
        deliveries = super().create(vals_list)
        deliveries.filtered(lambda d: d._get_result())._log_result()
        return deliveries

    def write(self, vals):
        if not {"state", "outcome"} & vals.keys():
            return super().write(vals)
        before = {delivery.id: delivery._get_result() for delivery in self}
        result = super().write(vals)
        self.filtered(lambda d: d._get_result() not in (None, before[d.id]))._log_result()
        return result

    def _get_result(self):
        """The result of this delivery as (state, outcome), or None while there is none."""
        if self.state == "failed":
            return self.state, None
        if self.state == "done":
            return self.state, self.outcome if self.outcome != "pending" else False
        return None

    def _log_result(self):
        """Log the results, in two statements for any number of deliveries and invoices."""
        lines = {}
        for delivery in self.sudo():
            lang = self.env.lang or delivery.company_id.partner_id.lang
            delivery = delivery.with_context(lang=lang)
            said = delivery.notice_id.line_ids
            said.fetch(["claimed", "move_line_id"])  # at once: reached this way, one by one
            invoices = said.filtered("claimed").move_id
            line = delivery._get_log_line(delivery._get_result_words())
            for record in invoices:
                lines.setdefault(record, []).append(line)
            line = delivery._get_log_line(delivery._get_shared_words())
            lines.setdefault(delivery.partner_id, []).append(line)
        for model in ("account.move", "res.partner"):
            bodies = {
                record.id: Markup("<br/>").join(found)
                for record, found in lines.items()
                if record._name == model
            }
            if bodies:
                records = self.env[model].sudo().browse(bodies)
                records._message_log_batch(bodies=bodies)

    def _get_log_line(self, words):
        """The result in a line: "Last reminder (CPT/2026/00012): Letter, posted on …".

        :param words: the result itself
        """
        delivery, env = self, self.env
        if not self.notice_id:
            text = env._("%(channel)s: %(outcome)s")
            return Markup("%s") % (text % {"channel": delivery.channel_label, "outcome": words})
        return Markup("%s") % env._(
            "%(step)s (%(number)s): %(channel)s, %(result)s",
            step=delivery.notice_id.step_id.name,
            number=delivery.notice_id._get_html_link(title=delivery.notice_id.name or None),
            channel=delivery.channel_label,
            result=words,
        )

    def _get_shared_words(self):
        """The result as every company that shares the customer may read it. To extend."""
        return self._get_result_words()

    def _get_result_words(self):
        if self.state == "failed":
            return self.env._("could not be delivered")
        if self.is_posted and self.outcome in (False, "pending"):
            return self.env._("posted on %s", format_date(self.env, self.date_done))
        labels = dict(self._fields["outcome"]._description_selection(self.env))
        return labels.get(self.outcome) or self._get_done_words()
