"""What our code writes down (who, when, in which state) is typed by nobody, on no path."""

from odoo import Command, models
from odoo.tests import tagged

from .common import SECRET, get_our_models
from .world import WorldCommon

# Through, as the issue says: (model, field) -> the point that mends it.
KNOWN = {}
FORGED = {
    "char": SECRET, "text": SECRET, "html": f"<p>{SECRET}</p>", "integer": 7, "float": 7.0,
    "monetary": 7.0, "date": "2020-02-02", "datetime": "2020-02-02 02:02:02",
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestForged(WorldCommon):
    """A field is read-only in a view alone: over JSON-RPC it is what the model says."""

    figures_of = "forged fields"

    def test_not_written(self):
        for kind, record, field, value in self._get_attempts("write"):
            attempt = self._try(kind, record, "write", {field.name: value})
            self._judge_forged(kind, record, field, "write", attempt)

    def test_not_given_when_made(self):
        """Neither as a value nor as a default of the context."""
        for kind, record, field, value in self._get_attempts("create"):
            vals = self._get_least_vals(record)
            for way, given, context in (
                ("create", {**vals, field.name: value}, {}),
                ("default", vals, {f"default_{field.name}": value}),
            ):
                attempt = self._make_forged(kind, record, field, given, context)
                self._judge_forged(kind, record, field, way, attempt)

    def test_without_forgery_it_is_made(self):
        """The attempts fail for what is forged, not for what is missing."""
        for kind, record in {(kind, r) for kind, r, *_rest in self._get_attempts("create")}:
            if kind not in ("public", "portal", "neighbour"):
                with self.subTest(kind=kind, model=record._name):
                    vals = self._get_least_vals(record)
                    refused, result = self._rpc(kind, record.browse(), "create", vals)
                    self.assertFalse(refused, result)

    # ------------------------------------------------------------
    # ATTEMPTS
    # ------------------------------------------------------------

    def _get_attempts(self, right):
        """(kind of user, record, field, forged value) of all that is not for people to type."""
        for name in get_our_models(self.env, transient=False):
            record = self.records[name]
            for kind in self.users:
                if record.browse().with_user(self.users[kind]).has_access(right):
                    for field in self._get_fields_of_ours(record):
                        value = self._get_forged_value(record, field)
                        if value is not None:
                            yield kind, record, field, value

    @staticmethod
    def _get_fields_of_ours(record):
        return [
            field
            for name, field in sorted(record._fields.items())
            if field.store
            and field.readonly
            and field.column_type
            and not field.related
            and name not in models.MAGIC_COLUMNS
            and not name.startswith(("activity_", "message_"))
        ]

    def _get_forged_value(self, record, field):
        if field.type == "selection":
            others = [v for v in field.get_values(self.env) if v != record[field.name]]
            return others[-1] if others else None
        if field.type == "boolean":
            return not record[field.name]
        if field.type != "many2one":
            return FORGED.get(field.type)
        if field.comodel_name == "res.users":
            return self.env.ref("base.user_admin").id
        if field.comodel_name == "res.company":
            return self.other_company.id
        found = self.env[field.comodel_name].sudo().search([], limit=1, order="id desc")
        return found.id if found and found != record[field.name] else None

    def _get_least_vals(self, record):
        """What a person types to make one; of models that are not here, what is required."""
        company = {"company_id": self.company.id}
        ours = {"partner_id": self.customer.id, **company}
        days = {"date_from": "2027-01-01", "date_to": "2027-01-02"}
        return {
            "dunning.closing.day": {"name": "x", **company, **days},
            "dunning.cover": {**ours, "amount": 5},
            "dunning.delivery": {**ours, "channel": "phone", "date_planned": "2026-10-07"},
            "dunning.interruption": {
                **ours,
                "kind": "acknowledgement",
                "date": "2026-01-01",
                "evidence": "x",
                "move_line_ids": [Command.set(self._term_lines(self.invoice).ids)],
            },
            "dunning.legal.value": {"kind": "indemnity", "value": 1, "valid_from": "2099-01-01"},
            "dunning.limit.change": {**ours, "new_amount": 5, "reason": "x"},
            "dunning.policy": {"name": "x", **company},
            "dunning.rate": {"kind": "ecb_refi", "semester": "2099-1", "value": 1},
            "dunning.release": {**ours, "scope": "amount", "amount": 5, "reason": "x"},
            "dunning.step": {"name": "x", "policy_id": self._get_own_policy().id},
        }[record._name]

    def _get_own_policy(self):
        return self.env["dunning.policy"].create({"name": "Own", "company_id": self.company.id})

    def _make_forged(self, kind, record, field, vals, context):
        """Create it, and look at the column before it is undone."""

        def look(result):
            made = self.env[record._name].sudo().browse(result)
            made.invalidate_recordset()
            return made.read([field.name], load="")[0][field.name]

        return self._try(kind, record.browse(), "create", vals, context=context, then=look)

    def _judge_forged(self, kind, record, field, way, attempt):
        changed, _told, refused, result = attempt
        if way != "write" and not refused:
            forged = str(result) == str(self._get_forged_value(record, field))
            changed = {record._table} if forged else set()
        known = KNOWN.get((record._name, field.name))
        outcome = (changed, [], refused, result)
        self._judge(kind, f"{record._name}.{field.name}", way, outcome, known=known)
