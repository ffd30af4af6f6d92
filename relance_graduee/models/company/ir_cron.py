import datetime

import pytz

from odoo import api, fields, models

from .res_company import DEFAULT_TIMEZONE

RUN_HOUR = 9


class IrCron(models.Model):
    """The daily run keeps its hour on the company's clock, in summer as in winter.

    Odoo adds days to a time of the user's zone without looking at summer time, and the user of
    the run, the superuser, has no zone at all.
    """

    _inherit = "ir.cron"

    @api.model
    def _get_dunning_first_call(self):
        """Nine o'clock tomorrow on the company's clock, as UTC (string)."""
        zone = self._get_dunning_timezone()
        tomorrow = datetime.datetime.now(zone).date() + datetime.timedelta(days=1)
        return fields.Datetime.to_string(
            self._get_utc(zone, tomorrow, datetime.time(hour=RUN_HOUR))
        )

    @api.model
    def _reschedule_later(self, job):
        result = super()._reschedule_later(job)
        run = self.env.ref("relance_graduee.ir_cron_dunning_run", raise_if_not_found=False)
        if run and job["id"] == run.id:
            run._keep_dunning_hour(job["nextcall"])
        return result

    def _keep_dunning_hour(self, before):
        """:param before: when it was planned last (UTC): at that time of the day it stays"""
        zone = self._get_dunning_timezone()
        self.invalidate_recordset(["nextcall"])
        planned = self.nextcall
        hour, day = (pytz.utc.localize(at).astimezone(zone) for at in (before, planned))
        # near midnight the clock's change moves what Odoo planned to another day
        days = (day.date() + datetime.timedelta(days=n) for n in (-1, 0, 1))
        moments = (self._get_utc(zone, each, hour.time()) for each in days)
        self.nextcall = min(moments, key=lambda moment: abs(moment - planned))

    @api.model
    def _get_dunning_timezone(self):
        company = self.env["res.company"]._get_dunning_roots()[:1]
        return pytz.timezone(company.partner_id.sudo().tz or DEFAULT_TIMEZONE)

    @api.model
    def _get_utc(self, zone, date, time):
        moment = zone.localize(datetime.datetime.combine(date, time))
        return moment.astimezone(pytz.utc).replace(tzinfo=None)
