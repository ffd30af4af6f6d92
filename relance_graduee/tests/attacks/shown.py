"""How attacks look at the fields that we add to documents which others read."""

from .common import SECRET, AttackCommon, get_our_fields, get_our_models


class ShownCommon(AttackCommon):
    """``_walk`` reads our fields of a document in every way that a client has."""

    def _walk(self, kind, record, told=frozenset()):
        """Read all that this kind of user may of ``record``; look for secrets in what comes back.

        :param told: names of fields that tell him on purpose
        """
        names = [field.name for field in get_our_fields(record)]
        model = record.with_user(self.users[kind])
        readable = [n for n in names if model._has_field_access(record._fields[n], "read")]
        quiet = [name for name in readable if name not in told]
        for way, method, args in self._get_ways(record, quiet):
            with self.subTest(kind=kind, model=record._name, way=way):
                refused, result = self._rpc(kind, record, method, *args)
                self.assertEqual([] if refused else self._find_secrets(result), [])
        for name in set(names) - set(readable):
            self._assert_refused(kind, record, name)

    def _get_ways(self, record, names):
        """(name of the way, method, arguments) of all ways to read these fields of ``record``."""
        mine = [("id", "in", record.ids)]
        spec = {name: {} for name in names}
        yield "read", "read", (names,)
        yield "web_read", "web_read", (spec,)
        yield "export", "export_data", (names,)
        yield "search_read", "search_read", (mine, names)
        yield "web_search_read", "web_search_read", (mine, spec)
        for name in names:
            if record._fields[name].store:
                yield f"group by {name}", "formatted_read_group", (mine, [name], ["__count"])

    def _assert_refused(self, kind, record, name):
        """Neither read, nor guessed by looking for it, by its order or by groups."""
        mine = [("id", "in", record.ids)]
        field = record._fields[name]
        found = [*mine, (name, "in", [self._get_some_value(field)])]
        for way, method, args in (
            ("read", "read", ([name],)),
            ("web_read", "web_read", ({name: {}},)),
            ("export", "export_data", ([name],)),
            ("search", "search", (found,)),
            ("name_search", "name_search", ("", found)),
            ("order", "search_read", (mine, ["id"], 0, None, name)),
            ("group", "formatted_read_group", (mine, [name], ["__count"])),
        ):
            # Odoo groups by many2many without asking; ours are contacts of the customer itself.
            grouped = field.store and field.type != "many2many"
            if way == "group" and not grouped or way == "order" and not field.store:
                continue
            if "search" in way and not field._description_searchable:
                continue
            with self.subTest(kind=kind, model=record._name, field=name, way=way):
                refused, result = self._rpc(kind, record, method, *args)
                self.assertTrue(refused, result)

    def _get_some_value(self, field):
        """A value that somebody could look for: of "is it set" no more than a constant is left."""
        if field.type == "selection":
            return field.get_values(self.env)[-1]
        return {"boolean": True, "date": "2026-10-07", "integer": 1, "float": 1.0}.get(
            field.type, 1 if field.relational else SECRET
        )

    def _get_shared_models(self):
        """The models of others that we add fields to; settings are a form of administrators."""
        ours = set(get_our_models(self.env))
        return [
            name
            for name, model in sorted(self.env.registry.items())
            if name not in ours
            and not model._abstract
            and name != "res.config.settings"
            and get_our_fields(model)
        ]
