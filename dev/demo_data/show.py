"""What the demonstration shows: a table of today's run, and its letters as PDF files."""

import re
import unicodedata
from pathlib import Path

from odoo.tools import format_amount, format_date

from . import formal as demo_formal

# Title and width of each column; the amount is set to the right. 120 columns together.
COLUMNS = [
    ("Client", 28),
    ("Étape", 26),
    ("Envois", 30),
    ("Montant", 13),
    ("Document", 15),
]
GAP = "  "
STATES = {"proposed": "à approuver", "approved": "en cours", "sent": "envoyée"}
LETTERS = 6


def show(env, folder):
    """Launch today's run, print what it did, write the documents into ``folder``."""
    env = env(context={**env.context, "lang": "fr_FR"})
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if "dunning.run" not in env:
        return
    run = env["dunning.run"].launch()[:1]
    notices = run.notice_ids.filtered(lambda notice: notice.state != "cancelled")
    if not notices:
        run, notices = _last_with_notices(env, run)
    _print_run(env, run, notices)
    _print_waiting(env)
    _print_files(write_documents(env, folder))


def _last_with_notices(env, run):
    """Nothing was to be done today (a Sunday, or all was said already): the run before."""
    print(f"\n{_title(env, run)} : rien à faire de plus. {run.warning or ''}".rstrip())
    notice = env["dunning.notice"].search(
        [("run_id", "!=", False), ("state", "!=", "cancelled")], order="date desc", limit=1
    )
    return notice.run_id, notice.run_id.notice_ids.filtered(lambda n: n.state != "cancelled")


# ------------------------------------------------------------
# THE TABLE
# ------------------------------------------------------------


def _title(env, run):
    return f"Traitement du {format_date(env, run.date, date_format='EEEE d MMMM y')}"


def _print_run(env, run, notices):
    print(f"\n{_title(env, run)}")
    rule = GAP.join("─" * width for _title, width in COLUMNS)
    print("\n".join((rule, _line([title for title, _width in COLUMNS]), rule)))
    for notice in notices.sorted(lambda n: (n.state != "proposed", -n.amount_total)):
        print(_line(_cells(env, notice)))
    print(rule)
    print(f"{len(notices)} relances. {run.item_count} échéances ouvertes examinées.")
    if run.held_summary:
        print("Retenues : " + run.held_summary.replace("\n", " · "))


def _cells(env, notice):
    channels = notice.delivery_ids.mapped("channel_label") or [notice.channel_label]
    return [
        notice.partner_id.name,
        notice.step_id.name,
        ", ".join(dict.fromkeys(channels)),
        format_amount(env, notice.amount_total, notice.currency_id),
        notice.name or STATES.get(notice.state, ""),
    ]


def _line(cells):
    """``cells`` in their columns, cut where they are too long."""
    padded = []
    for cell, (title, width) in zip(cells, COLUMNS):
        text = " ".join((cell or "").split())
        text = text if len(text) <= width else f"{text[: width - 1]}…"
        padded.append(text.rjust(width) if title == "Montant" else text.ljust(width))
    return GAP.join(padded).rstrip()


def _print_waiting(env):
    """What waits for a person, as the page "Aujourd'hui" counts it."""
    todo = env["dunning.delivery"].search_count
    open_calls = [("channel", "in", ("phone", "visit")), ("state", "=", "todo")]
    letters = [("channel", "in", ("letter", "registered")), ("state", "=", "todo")]
    failed = [("channel", "=", "email"), ("state", "=", "failed")]
    proposals = env["dunning.notice"].search_count([("state", "=", "proposed")])
    print(
        f"\nÀ faire : relances à approuver {proposals} · appels et visites {todo(open_calls)} · "
        f"lettres à poster {todo(letters)} · e-mails en échec {todo(failed)}"
    )


# ------------------------------------------------------------
# THE DOCUMENTS
# ------------------------------------------------------------


def write_documents(env, folder):
    """Write letters, formal notices with their calculation sheets and a posting list.

    :return: the paths
    """
    notices = _newest(env, [("is_formal_notice", "=", False)], LETTERS)
    formal = demo_formal.notices(env) | _newest(env, [("is_formal_notice", "=", True)], 2)
    files = [_write_notice(folder, "lettre", notice) for notice in notices]
    files += [_write_notice(folder, "mise-en-demeure", notice) for notice in formal]
    files += _write_posting_list(env, folder)
    return [path for path in files if path]


def _newest(env, domain, limit):
    """Notices that go by post, the newest first; their document is made if there is none yet."""
    posted = [("step_id.print_letter", "=", True)]
    registered = [("step_id.registered_letter", "=", True)]
    notices = env["dunning.notice"].search(
        [("state", "!=", "cancelled"), *domain, "|", *posted, *registered],
        order="date desc, id desc",
        limit=limit,
    )
    for notice in notices.filtered(lambda each: not each.attachment_id):
        env["dunning.sender"]._preview(notice)
    return notices


def _write_notice(folder, kind, notice):
    content = notice.attachment_id.raw
    name = f"{kind}_{slug(notice.partner_id.name)}_{notice.date:%Y-%m-%d}.pdf"
    return content and _write(folder, name, content)


def _write_posting_list(env, folder):
    """The posting list of the newest day on which registered letters were made."""
    letters = env["dunning.delivery"].search(
        [("channel", "=", "registered"), ("state", "in", ("todo", "done"))],
        order="date_planned desc, id",
    )
    letters = letters.filtered(lambda each: each.date_planned == letters[0].date_planned)
    if not letters:
        return []
    action = letters.action_posting_list()
    attachment = env["ir.attachment"].browse(int(re.search(r"\d+", action["url"]).group()))
    return [_write(folder, f"bordereau_{letters[0].date_planned:%Y-%m-%d}.pdf", attachment.raw)]


def _write(folder, name, content):
    path = folder / name
    path.write_bytes(content)
    return path


def slug(text):
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall("[a-z0-9]+", plain))[:40]


def _print_files(paths):
    print("\nDocuments :" if paths else "\nAucun document.")
    for path in paths:
        print(f"  {path}")
