"""Every model of ours, every kind of user, every way to a record that a client has."""

from odoo.tests import tagged

from .common import SECRET, get_our_models
from .world import WorldCommon

# No company's: every company follows them, and "Today" counts the work of who looks.
SHARED = {
    "dunning.policy", "dunning.step", "dunning.rate", "dunning.legal.value", "dunning.today",
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestRecords(WorldCommon):
    """Rights as declared are no proof: each way in asks for them, or it is a way around."""

    figures_of = "records"

    def test_reading(self):
        """What rights and rules refuse comes back in no way of reading."""
        for name, record in self.records.items():
            for kind in self.users:
                seen = self._may(kind, record, "read")
                for way, args in self._get_readings(record):
                    if not seen or way == "search":  # found by who may: the attempts are no sham
                        attempt = self._read(kind, record, way, *args)
                        self._judge(kind, name, way, attempt, meant=seen)

    def test_outsiders_see_no_record_of_the_company(self):
        """Said by hand, not derived from what is declared: a wrong rule would be believed."""
        for name, record in self.records.items():
            for kind in ("public", "portal", "neighbour"):
                with self.subTest(model=name, kind=kind):
                    if not (kind == "neighbour" and self._is_shared(record)):
                        self.assertFalse(self._may(kind, record, "read"))

    def test_writing(self):
        """Change, copy, delete, make, name, load: refused to whom rights and rules refuse it."""
        for name, record in self.records.items():
            for kind in self.users:
                for way, right, args in self._get_writings(record):
                    # a copy is made of what one may read; else nothing is read to make something
                    asked = record.browse() if right == "create" and way != "copy" else record
                    meant = self._may(kind, asked, right) and self._may(kind, asked, "read")
                    attempt = self._blind(self._try(kind, record, way, *args))
                    self._judge(kind, name, way, attempt, meant=meant)

    def test_keys_of_the_context_open_nothing(self):
        """Keys that Odoo or we read somewhere do not make anybody's rights larger."""
        context = {
            "active_test": False,
            "allowed_company_ids": self.company.ids,
            "bin_size": False,
            "dunning_date": "2026-01-01",
            "dunning_partner_ids": self.customer.ids,
            "install_mode": True,
            "su": True,
            "uid": 1,
        }
        for name, record in self.records.items():
            for kind in ("portal", "neighbour", "employee"):
                if kind in self.users and not self._may(kind, record, "read"):
                    attempt = self._try(kind, record, "read", ["display_name"], context=context)
                    self._judge(kind, name, "read with keys", attempt)

    # ------------------------------------------------------------
    # WAYS
    # ------------------------------------------------------------

    def _get_readings(self, record):
        mine = [("id", "in", record.ids)]
        names = [field.name for field in record._fields.values() if field.type != "binary"]
        spec = {name: {} for name in names}
        yield "read", (names,)
        yield "web_read", (spec,)
        yield "export_data", (["id", "display_name"],)
        yield "search", (mine,)
        yield "search_read", (mine, ["display_name"])
        yield "web_search_read", (mine, {"display_name": {}})
        yield "name_search", ("", mine)
        groups = ["create_date:day"] if record._auto else []
        yield "formatted_read_group", (mine, groups, ["__count"])

    def _get_writings(self, record):
        """(method, right that it needs, arguments)."""
        typed = [f for f in record._fields.values() if f.store and f.type in ("char", "text")]
        name = next((f.name for f in typed if not f.compute and not f.related), "write_date")
        yield "write", "write", ({name: f"{SECRET} 2"},)
        yield "web_save", "write", ({name: f"{SECRET} 2"}, {})
        yield "copy", "create", ()
        yield "unlink", "unlink", ()
        yield "create", "create", ([self._prepare_any_vals(record)],)
        yield "name_create", "create", (SECRET,)
        yield "load", "create", ([".id", name], [[str(record.id), SECRET]])

    def _may(self, kind, record, right):
        return record.with_user(self.users[kind]).has_access(right)

    @staticmethod
    def _blind(attempt):
        """What is written back to who wrote it is no secret; a load that failed wrote nothing."""
        changed, _told, refused, result = attempt
        failed = isinstance(result, dict) and result.get("ids") is False
        return (set() if failed else changed), [], refused, result

    def _read(self, kind, record, way, *args):
        """What came of it: a record that is found is told as much as one that is read."""
        refused, result = self._rpc(kind, record, way, *args)
        told = [] if refused else self._find_secrets(result)
        found = not refused and self._is_found(result)
        return set(), told or (["found"] if found else []), refused, result

    @staticmethod
    def _is_found(result):
        if isinstance(result, dict):
            return bool(result.get("length", result.get("datas")))
        if isinstance(result, list) and result and isinstance(result[0], dict):
            return result[0].get("__count", 1) > 0
        return bool(result)

    def _is_shared(self, record):
        return record._name in SHARED

    def test_every_model_of_ours_is_attacked(self):
        self.assertEqual(self.records.keys(), set(get_our_models(self.env)))
        for name, record in self.records.items():
            with self.subTest(model=name):
                self.assertTrue(record)
