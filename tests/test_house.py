"""The walls of the house: which room may use which (docs/ARCHITECTURE.md has the map).

Pure syntax: no Odoo, no database. A room may use the rooms on lower floors, never those
above it; upper rooms speak to lower ones by extending them.
"""

import ast
import functools
import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BASE = ROOT / "relance_graduee"
MODELS = BASE / "models"
SATELLITES = [
    path for path in sorted(ROOT.glob("relance_graduee_*")) if (path / "__manifest__.py").exists()
]
# Folders of ``tests`` that mirror no room: what walks the whole house, and another folder.
OTHER_TESTS = {"attacks", "tools"}
CHANGES_IN_PLACE = {"append", "extend", "insert", "update", "add", "remove", "pop", "discard"}
# Below so many lines a room extends a model in one file, without chapters.
CHAPTERS_FROM = 200
# Fields and methods of two words that one of our rooms defines, and Odoo on models of its own as
# well: where such a name stands, nothing says which is meant. Single words never count.
ODOO_NAMES = {
    "amount_total",
    "contact_id",
    "credit_limit",
    "date_planned",
    "is_final",
    "line_ids",
    "parent_id",
    "payment_state",
    "res_id",
    "res_model",
    "_check",
    "_print",
    "_render",
}
# Engines that evaluate a text with the rights of whoever renders it.
EVALUATED = re.compile(
    r"_render_field|_render_template\w*|_render_lang|_generate_template\w*|mail\.render\.mixin"
    r"|inline_template|safe_eval|\beval\(|\bexec\(|send_mail|post_with_source|_render_qweb_html"
)
SQL = re.compile(r"\b(SELECT|FROM|JOIN|UPDATE|INTO|WHERE)\b")
# The content of a file, which a client that reads a form gets as a size: see common/files.py.
CONTENT = re.compile(r"""\.(raw|datas)\b|(filtered|mapped)\(["'](raw|datas)""")
# Rooms that stand side by side: whatever joins two of them stands above both.
STRANGERS = ("penalty", "limitation", "credit")
# Methods that ask for the day of the question (``_get_dunning_day``) read; those that write for
# it make proposals, whose figures are of that day: method -> why.
READERS = re.compile(r"_(compute|get|is|search|prepare)_")
DATED_PROPOSALS = {
    "_fill_penalties": "the interest that a proposal claims runs to its day",
    "_refresh_company": "a proposal has the date of its figures",
}
# What still uses a room above it: (file, name used) -> why. May only get shorter.
STILL_UP = {}


def test_imports_run_down():
    """A file imports from its own room, a lower floor or ``tools``; ``tools`` nothing of Odoo."""
    wrong = []
    for path in _python_files(MODELS, BASE / "wizards"):
        for target in _get_imports(path):
            room = _get_room_of_module(target)
            if room and _floor(room) > _floor(_room(path)):
                wrong.append(f"{_short(path)}: {target}")
    for path in _python_files(BASE / "tools"):
        for target in _get_imports(path):
            outside = target.split(".")[0] == "odoo"
            if outside or target.startswith("relance_graduee.") and ".tools" not in target:
                wrong.append(f"{_short(path)}: {target}")
    assert not wrong, wrong


def test_names_are_used_from_their_floor_or_above():
    """What one room alone defines is no business of the rooms below it."""
    found = {
        (_short(path), name)
        for path in _python_files(MODELS, BASE / "wizards")
        for name in _get_used_names(path)
        if _floor(_get_owners()[name]) > _floor(_room(path))
    }
    new = sorted(found - STILL_UP.keys())
    mended = sorted(STILL_UP.keys() - found)
    assert not new, f"These uses run up; extend the lower room instead: {new}"
    assert not mended, f"These no longer run up; take them out of STILL_UP: {mended}"
    assert all(STILL_UP.values())


def test_strangers_do_not_know_each_other():
    """Interest, time-bar and credit each come and go without the others."""
    wrong = [
        (_short(path), name)
        for path in _python_files(MODELS, BASE / "wizards")
        if _room(path) in STRANGERS
        for name in _get_used_names(path)
        if _get_owners()[name] in STRANGERS and _get_owners()[name] != _room(path)
    ]
    assert not wrong, wrong


def test_file_is_its_model():
    """A file is named after its model; a chapter of a long one adds a word: never its room's.

    A form's lines stand with the form: the file bears the beginning of their name.
    """
    wrong = []
    for path in _python_files(MODELS, BASE / "wizards"):
        for name, is_own in _get_models(path):
            stem = name.replace(".", "_")
            is_home = _get_homes().get(name) == _room(path)
            is_chapter = path.stem.startswith(f"{stem}_") and not is_own
            is_named_after_room = path.stem == f"{stem}_{_room(path)}" and not is_home
            is_line = "wizards" in path.parts and stem.startswith(f"{path.stem}_")
            if path.stem != stem and not is_line and (not is_chapter or is_named_after_room):
                wrong.append(f"{_short(path)}: {name}")
    assert not wrong, wrong


def test_model_is_extended_once_in_a_room():
    """Who looks for what a room adds to a model finds one file, or chapters of a long one."""
    places = defaultdict(list)
    for path in _python_files(MODELS):
        for name, _is_own in _get_models(path):
            places[_room(path), name].append(path)
    wrong = []
    for (room, name), paths in places.items():
        plain = any(path.stem == name.replace(".", "_") for path in paths)
        lines = sum(len(path.read_text().splitlines()) for path in paths)
        if (len(paths) > 1 and lines < CHAPTERS_FROM) or (len(paths) == 1 and not plain):
            wrong.append((room, name, [path.name for path in paths]))
    assert not wrong, wrong


def test_mirrors_have_the_same_rooms():
    """``wizards``, ``views``, ``data`` and ``tests`` have no folder that ``models`` has not."""
    for mirror in ("wizards", "views", "data", "tests"):
        folders = {path.name for path in (BASE / mirror).iterdir() if path.is_dir()}
        extra = folders - set(_get_floors()) - {"__pycache__"}
        assert extra <= (OTHER_TESTS if mirror == "tests" else set()), (mirror, extra)


def test_every_room_says_what_it_is_for():
    """Three lines: what the room is for, who asks it, whom it asks."""
    for room in _get_floors():
        text = ast.get_docstring(_parse(MODELS / room / "__init__.py")) or ""
        lines = [line for line in text.splitlines() if line]
        starts = [line.split(":")[0] for line in lines[1:]]
        assert len(lines) == 3 and starts == ["Asked by", "Asks"], (room, lines)


def test_satellites_leave_constants_of_the_base_alone():
    """A satellite extends by methods; a list of the base that it changed would be everybody's."""
    wrong = []
    for folder in SATELLITES:
        for path in _python_files(folder):
            imported = _get_names_from_base(path)
            changes = [n for n in ast.walk(_parse(path)) if _get_changed_name(n) in imported]
            wrong += [f"{_short(path)}:{node.lineno}" for node in changes]
    assert not wrong, wrong


def test_satellites_are_named_after_what_they_join():
    for folder in SATELLITES:
        manifest = ast.literal_eval((folder / "__manifest__.py").read_text())
        assert folder.name.startswith("relance_graduee_")
        assert "relance_graduee" in manifest["depends"] or any(
            name.startswith("relance_graduee_") for name in manifest["depends"]
        )


def test_who_writes_takes_the_servers_day():
    """A caller names the day that he looks at (``dunning_date``), never one to be written."""
    wrong = []
    folders = [folder / name for folder in (BASE, *SATELLITES) for name in ("models", "wizards")]
    for path in _python_files(*folders):
        for function in ast.walk(_parse(path)):
            if not isinstance(function, ast.FunctionDef) or READERS.match(function.name):
                continue
            asked = {node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)}
            if "_get_dunning_day" in asked and function.name not in DATED_PROPOSALS:
                wrong.append(f"{_short(path)}: {function.name}")
    assert not wrong, wrong


def test_no_text_is_evaluated():
    """What a person writes is filled by ``tools/placeholders.py`` alone; QWeb gets our files."""
    wrong = []
    for path in _python_files(BASE, *SATELLITES):
        text = "" if "tests" in path.parts else path.read_text()
        wrong += [f"{_short(path)}: {found}" for found in EVALUATED.findall(text)]
        templates = re.findall(r"qweb\"\]\._render\(\s*([^,)]*)", text)
        wrong += [f"{_short(path)}: {t}" for t in templates if not t.startswith('"relance_graduee')]
    assert not wrong, wrong


def test_content_of_files_is_read_in_one_place():
    files = [path for folder in (BASE, *SATELLITES) for path in folder.rglob("*.py")]
    files = [path for path in files if "tests" not in path.relative_to(ROOT).parts]
    reading = [path for path in files if CONTENT.search(path.read_text())]
    assert reading == [MODELS / "common" / "files.py"]


def test_guards_of_deleting_do_not_depend_on_the_context():
    """``at_uninstall=False`` is skipped for a key of the context, which every caller may name."""
    paths = _python_files(BASE, *SATELLITES)
    assert not [_short(path) for path in paths if "at_uninstall=False" in path.read_text()]


def test_rights_of_another_user_are_asked_in_his_companies():
    """``with_user`` keeps the companies of who asks: ``as_user`` of ``common`` is the one way."""
    wrong = []
    for path in _python_files(BASE, *SATELLITES):
        if "tests" in path.parts or path.name == "as_user.py":
            continue
        calls = [node for node in ast.walk(_parse(path)) if isinstance(node, ast.Call)]
        wrong += [f"{_short(path)}:{n.lineno} {ast.unparse(n)}" for n in calls if _changes_user(n)]
    assert not wrong, wrong


def _changes_user(call):
    """``records.with_user(another)``, ``env(user=another)``, ``Environment(cr, another, ...)``."""
    name = getattr(call.func, "attr", None) or getattr(call.func, "id", None)
    if name == "with_user":
        return [ast.unparse(argument) for argument in call.args] != ["self.env.user"]
    by_name = name == "env" and any(keyword.arg == "user" for keyword in call.keywords)
    is_update = name == "Environment" and "SUPERUSER_ID" in map(ast.unparse, call.args)
    return by_name or name == "Environment" and not is_update


def test_documents_name_files_that_are_there():
    """A map with a wrong street is worse than none."""
    wrong = []
    for path in [ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        names = re.findall(r"`([\w/]+/[\w.]*)`", path.read_text())
        wrong += [
            f"{path.name}: {name}"
            for name in names
            if not ((ROOT / name).exists() or (BASE / name).exists())
        ]
    assert not wrong, wrong


# ------------------------------------------------------------
# READING THE CODE
# ------------------------------------------------------------


@functools.cache
def _parse(path):
    return ast.parse(path.read_text())


@functools.cache
def _get_floors():
    """The rooms, ground floor first, as ``models/__init__.py`` imports them."""
    nodes = _parse(MODELS / "__init__.py").body
    return [
        alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names
    ]


def _floor(room):
    return _get_floors().index(room)


def _room(path):
    return path.parent.name


def _short(path):
    return path.relative_to(BASE if BASE in path.parents else ROOT).as_posix()


def _python_files(*folders):
    """All files but ``__init__`` and tests."""
    return [
        path
        for folder in folders
        for path in sorted(folder.rglob("*.py"))
        if path.name != "__init__.py" and "tests" not in path.parts
    ]


def _get_imports(path):
    """The modules that a file imports, absolute: ``relance_graduee.models.item.account_move``."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(_parse(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            parent = ".".join([*base, *filter(None, [node.module])])
            yield from (f"{parent}.{alias.name}" for alias in node.names)


def _get_room_of_module(target):
    parts = target.removeprefix("odoo.addons.").split(".")
    known = parts[:2] in (["relance_graduee", "models"], ["relance_graduee", "wizards"])
    return parts[2] if known and len(parts) > 2 and parts[2] in _get_floors() else None


def _get_classes(path):
    return [node for node in _parse(path).body if isinstance(node, ast.ClassDef)]


def _get_attributes(cls):
    """Name -> value of what is assigned in the body of a class."""
    return {
        target.id: node.value
        for node in cls.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


@functools.cache
def _get_models(path):
    """(name, whether this file gives it its name), of the models in a file."""
    found = []
    for cls in _get_classes(path):
        values = _get_attributes(cls)
        if "_name" in values:
            name = values["_name"].value
            # with a model of ours beside it: class ResPartner: _inherit = ["res.partner", ...]
            parents = getattr(values.get("_inherit"), "elts", [])
            found.append((name, name not in [parent.value for parent in parents]))
        elif isinstance(values.get("_inherit"), ast.Constant):
            found.append((values["_inherit"].value, False))
    return found


@functools.cache
def _get_homes():
    """Model -> the room that gives it its name."""
    return {
        name: _room(path)
        for path in _python_files(MODELS, BASE / "wizards")
        for name, is_own in _get_models(path)
        if is_own
    }


@functools.cache
def _get_owners():
    """Model, field or method -> the one room that defines it; names of several are left out."""
    rooms = defaultdict(set)
    for path in _python_files(MODELS, BASE / "wizards"):
        for cls in _get_classes(path):
            for name in _get_defined_names(cls):
                rooms[name].add(_room(path))
    owners = {name: next(iter(found)) for name, found in rooms.items() if len(found) == 1}
    return {
        **{n: room for n, room in owners.items() if "_" in n.strip("_") and n not in ODOO_NAMES},
        **_get_homes(),
    }


def _get_defined_names(cls):
    methods = [node.name for node in cls.body if isinstance(node, ast.FunctionDef)]
    fields = [
        name
        for name, value in _get_attributes(cls).items()
        if isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and getattr(value.func.value, "id", None) == "fields"
    ]
    return methods + fields


@functools.cache
def _get_used_names(path):
    """Names that one room owns, as a file uses them: attributes, models, fields, tables in SQL."""
    return tuple(_find_used_names(path, _get_owners()))


def _find_used_names(path, owners):
    for node in ast.walk(_parse(path)):
        if isinstance(node, ast.Attribute) and node.attr in owners:
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from (word for word in _get_words(node.value) if word in owners)


@functools.cache
def _get_tables():
    return {name.replace(".", "_"): name for name in _get_homes()}


def _get_words(text):
    """The names in a string: of a model, of fields with dots between them, or of an SQL query."""
    if SQL.search(text):
        return [_get_tables().get(word, word) for word in re.findall(r"\w+", text)]
    words = text.split(".")
    return [text] + (words if all(word.isidentifier() for word in words) else [])


def _get_names_from_base(path):
    return {
        alias.asname or alias.name
        for node in ast.walk(_parse(path))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("odoo.addons.relance_graduee.")
        for alias in node.names
    }


def _get_changed_name(node):
    """The name of the object that a statement changes in place, if it is one."""
    target = None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        target = node.func.value if node.func.attr in CHANGES_IN_PLACE else None
    elif isinstance(node, ast.AugAssign):
        target = node.target
    elif isinstance(node, ast.Assign):
        target = node.targets[0]
        target = target.value if isinstance(target, ast.Subscript | ast.Attribute) else None
    return getattr(target, "id", None)
