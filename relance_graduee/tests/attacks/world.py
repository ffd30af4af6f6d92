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
        cls.env.cr.execute(
            """SELECT c.oid, c.relname FROM pg_class c
                 JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind = 'r' AND n.nspname = current_schema()"""
        )
        cls.tables = dict(cls.env.cr.fetchall())
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
        """Id of a table -> rows written in this transaction so far, undone ones included.

        The view ``pg_stat_xact_user_tables`` says the same, and takes twice as long.
        """
        self.env.cr.execute(
            SQL(
                """SELECT oid, written FROM (
                       SELECT oid, pg_stat_get_xact_tuples_inserted(oid)
                                 + pg_stat_get_xact_tuples_updated(oid)
                                 + pg_stat_get_xact_tuples_deleted(oid) AS written
                         FROM unnest(%s::oid[]) AS oid) AS counted
                    WHERE written > 0""",
                list(self.tables),
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
        if refused:
            return set(), [], refused, result
        after = self._count_changes()
        changed = {oid for oid, count in after.items() if count != before.get(oid, 0)}
        names = {self.tables[oid] for oid in changed} - NO_CHANGE
        return names, self._find_secrets(result), refused, result

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
        if outcome == "through" or known and outcome != "known":
            # a sub-test for each of thousands of attempts would cost more than they do
            with self.subTest(kind=kind, model=name, way=way, known=known):
                self.fail(f"{outcome}: {sorted(changed)}, {told}, {str(result)[:300]}")

    def _is_outsider(self, kind):
        return kind in OUTSIDERS

    @staticmethod
    def _is_orm(name):
        return hasattr(models.BaseModel, name)
