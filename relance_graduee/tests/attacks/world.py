"""A company at work, with secrets in every record, for attacks on all of it at once."""

from odoo import models
from odoo.tools import SQL

from .common import OUTSIDERS, SECRET, SECRET_AMOUNT, AttackCommon, get_our_models
from .figures import Figures

# Written by whatever looks or tries, and told to nobody.
NO_CHANGE = {"dunning_lock", "bus_bus", "res_users_log", "ir_logging", "res_device_log"}


class WorldCommon(AttackCommon):
    """``cls.records``: of each of our models one record, of the company attacked."""

    figures_of = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.figures = Figures()
        if cls.figures_of:
            cls.addClassCleanup(lambda: cls.figures.publish(cls.figures_of))
        cls._live()
        cls.records = {name: cls._find_or_make(name) for name in get_our_models(cls.env)}

    @classmethod
    def _live(cls):
        """Reminders proposed, approved and sent, holds, pauses, releases, decisions, penalties."""
        customer = cls.customer.with_company(cls.company)
        customer.user_id = cls.users.get("seller")
        cls.invoice = cls._invoice(cls.steps[0].delay_days, SECRET_AMOUNT)
        cls._launch()
        customer._set_delivery_hold(cls._today(), SECRET)
        cls.env["dunning.penalty"]._accrue(cls.company, customer.ids, cls.day)
        cls.env["dunning.release"].create(
            {
                "partner_id": customer.id,
                "company_id": cls.company.id,
                "scope": "amount",
                "amount": SECRET_AMOUNT,
                "reason": SECRET,
            }
        )
        customer._set_dunning_pause(cls._today(), SECRET)

    @classmethod
    def _find_or_make(cls, name):
        """A record of the company: what its life made, else one of our own making."""
        model = cls.env[name].sudo()
        for field, record in (("partner_id", cls.customer), ("company_id", cls.company)):
            if field in model._fields and not model._transient:
                model = model.with_context(dunning_partner_ids=cls.customer.ids)
                found = model.search([(field, "=", record.id)], limit=1)
                if found:
                    return cls.env[name].browse(found.id)
        if model._auto:
            return cls._make(name, owner="manager" if model._transient else None)
        return model.search([], limit=1)

    # ------------------------------------------------------------
    # OUTCOME
    # ------------------------------------------------------------

    def _count_changes(self):
        """Table -> rows written in this transaction so far, undone ones included."""
        self.env.cr.execute(
            SQL(
                """SELECT relname, n_tup_ins + n_tup_upd + n_tup_del
                     FROM pg_stat_xact_user_tables
                    WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"""
            )
        )
        return dict(self.env.cr.fetchall())

    def _try(self, kind, records, method, *args, **kwargs):
        """Call a method; what came of it.

        :return: (tables that it wrote, marks of secrets that it told, whether refused, result)
        """
        self.env.flush_all()
        before = self._count_changes()
        refused, result = self._rpc(kind, records, method, *args, **kwargs)
        after = self._count_changes()
        changed = {table for table, count in after.items() if count != before.get(table, 0)}
        told = [] if refused else self._find_secrets(result)
        return (set() if refused else changed - NO_CHANGE), told, refused, result

    def _judge(self, kind, name, way, attempt, meant=False, known=None):
        """Count an attempt, and fail when it came through.

        :param meant: whether it is the work of this kind of user
        :param known: the point that will mend it, where it is known to come through
        """
        changed, told, refused, result = attempt
        if refused:
            outcome = "crashed" if self._is_crash(result) else "refused"
        elif not changed and not told:
            outcome = "harmless"
        elif meant:
            outcome = "meant"
        else:
            outcome = "known" if known else "through"
        self.figures.note(outcome)
        with self.subTest(kind=kind, model=name, way=way):
            self.assertNotEqual(outcome, "through", (sorted(changed), told, str(result)[:300]))
            if known:
                self.assertEqual(outcome, "known", f"mended: take it out of KNOWN ({known})")

    def _is_outsider(self, kind):
        return kind in OUTSIDERS

    @staticmethod
    def _is_orm(name):
        return hasattr(models.BaseModel, name)
