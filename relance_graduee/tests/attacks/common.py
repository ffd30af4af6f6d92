"""What attacks share: kinds of users, our models, a record of any model, secrets to look for."""

from unittest.mock import patch

from odoo import Command, fields, models
from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import new_test_user

from ..common_channels import ChannelCommon

OURS = "relance_graduee"
# Kind of user -> groups; those of an add-on that is not installed are left out.
KINDS = {
    "public": "base.group_public",
    "portal": "base.group_portal",
    "employee": "base.group_user",
    "seller": "base.group_user,sales_team.group_sale_salesman,base.group_partner_manager",
    "warehouse": "base.group_user,stock.group_stock_user",
    "invoicing": "base.group_user,account.group_account_invoice",
    "collector": "base.group_user,relance_graduee.group_dunning_user",
    "manager": "base.group_user,relance_graduee.group_dunning_manager",
    "neighbour": "base.group_user,relance_graduee.group_dunning_manager",
}
# Nothing of the company is theirs to see: its customers, a visitor, a manager of another company.
OUTSIDERS = ("public", "portal", "neighbour")
# What is planted in texts and amounts that these must not see; no other record has it.
SECRET = "Zanzibar"
SECRET_AMOUNT = 98765.43
SECRET_MARKS = (SECRET, "98765.43", "98,765.43", "98 765,43", "98\u202f765,43")
VALUES = {
    "char": SECRET, "text": SECRET, "html": f"<p>{SECRET}</p>", "integer": 1, "float": 1.0,
    "monetary": SECRET_AMOUNT, "boolean": True, "date": "2026-10-07",
    "datetime": "2026-10-07 12:00:00", "binary": "WmFuemliYXI=", "json": {},
}  # fmt: skip


def is_ours(module):
    return bool(module) and module.startswith(OURS)


def get_our_models(env, transient=None):
    """The models with a table or a query that our add-ons define; all of them, sorted by name.

    :param transient: whether forms (True) or what is kept (False); None: both
    """
    return [
        name
        for name, model in sorted(env.registry.items())
        if is_ours(model._original_module)
        and not model._abstract
        and transient in (None, model._transient)
    ]


def get_our_fields(model):
    """The fields of ``model`` that our add-ons define, copies in ``res.users`` included."""
    return [
        field
        for name, field in sorted(model._fields.items())
        if any(map(is_ours, field._modules))
        or field.inherited
        and any(map(is_ours, field.related_field._modules))
    ]


class AttackCommon(ChannelCommon):
    """Users of each kind, and what they try: over the door that JSON-RPC comes through."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls.env["res.company"].create({"name": "Neighbours"})
        cls.users = {kind: cls._create_kind(kind) for kind in KINDS if cls._is_there(kind)}

    @classmethod
    def _is_there(cls, kind):
        return all(cls.env.ref(group, False) for group in KINDS[kind].split(","))

    @classmethod
    def _create_kind(cls, kind):
        company = cls.other_company if kind == "neighbour" else cls.company
        vals = {"company_id": company.id, "company_ids": [Command.set(company.ids)]}
        if kind == "portal":
            person = cls._create_customer("Person", is_company=False, parent_id=cls.customer.id)
            vals["partner_id"] = person.id
        return new_test_user(cls.env, f"attack_{kind}", groups=KINDS[kind], **vals)

    # ------------------------------------------------------------
    # TRYING
    # ------------------------------------------------------------

    def _rpc(self, kind, records, method, *args, then=None, **kwargs):
        """Call a method as the web client does, in a savepoint of its own that is rolled back.

        :param then: what to look at before it is undone, given the result
        :return: (whether it was refused, its result, or that of ``then``, or the error)
        """
        env = self.env(user=self.users[kind], su=False)
        model = env[records._name].with_context(**kwargs.pop("context", {}))
        ids = [] if getattr(type(records), method).__dict__.get("_api_model") else [records.ids]
        self.env.flush_all()
        self.env.invalidate_all(flush=False)  # what is in the cache is asked for by nobody
        savepoint = self.cr.savepoint(flush=False)
        try:
            result = call_kw(model, method, [*ids, *args], kwargs)
            env.flush_all()
            return False, then(result) if then else result
        except Exception as error:  # whatever breaks is undone; ``_is_crash`` tells them apart
            return True, error
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    # ------------------------------------------------------------
    # A RECORD OF ANY MODEL
    # ------------------------------------------------------------

    @classmethod
    def _make(cls, name, owner=None, **vals):
        """A record of this model, past what its own ``create`` and defaults refuse.

        :param owner: kind of user who makes it
        """
        model = cls.env[name].sudo()
        if owner:
            model = model.with_user(cls.users[owner]).sudo()
        chosen = {**cls._prepare_any_vals(model), **vals}
        with (
            patch.object(type(model), "default_get", models.BaseModel.default_get),
            patch.object(type(model), "_validate_fields", lambda *_args: None),
        ):
            return models.BaseModel.create(model, [chosen])

    @classmethod
    def _prepare_any_vals(cls, model):
        """What is required, and of our models all that is typed; relations only where required."""
        vals = {}
        for name, field in model._fields.items():
            if not field.store or field.compute or field.related or name in models.MAGIC_COLUMNS:
                continue
            value = cls._get_any_value(model, field)
            wanted = field.required or is_ours(model._original_module)
            if wanted and value is not None:
                vals[name] = value
        for field in model._fields.values():
            if field.type == "many2one_reference" and is_ours(model._original_module):
                vals |= {field.name: cls.customer.id, field.model_field: "res.partner"}
        return vals

    @classmethod
    def _get_any_value(cls, model, field):
        if field.type == "selection":
            values = field.get_values(model.env)
            return values[0] if field.required and values else None
        if field.type != "many2one":
            return VALUES.get(field.type) if field.type not in ("boolean", "json") else None
        if field.comodel_name == "res.company":
            return cls.company.id
        if not field.required:
            return None
        return cls._get_any_record(field.comodel_name).id

    @classmethod
    def _get_any_record(cls, name):
        found = cls.customer if name == "res.partner" else cls.env[name].sudo().search([], limit=1)
        return found or cls._make(name)

    @staticmethod
    def _is_crash(error):
        """Whether a call broke on its arguments, and nobody refused it in words."""
        return not isinstance(error, (UserError, ValueError))

    @staticmethod
    def _find_secrets(result):
        """The marks that stand in whatever a call gave back."""
        words = repr(result)
        return [mark for mark in SECRET_MARKS if mark in words]

    @staticmethod
    def _today():
        return fields.Date.today()
