"""200 letters as one job, against 200 renderings as Odoo makes them, one a record.

``run(env)``, from a shell of Odoo on a database where relance_graduee is installed. The single
renderings are measured on a part and scaled, which the output says.
"""

import time

from odoo.addons.relance_graduee.tests.tools import letter_samples
from odoo.addons.relance_graduee.tools.letter.pdf import read_pdf

LETTERS, SINGLES = 200, 20
TARGET = 20  # times faster than Odoo's way


def _timed(function, *arguments):
    """(seconds, what the function gave)."""
    start = time.perf_counter()
    result = function(*arguments)
    return time.perf_counter() - start, result


def _print_singly(env, letters):
    """Each letter by ``ir.actions.report``, in a process of its own."""
    Letter = env["dunning.letter"]
    for letter in letters:
        html = Letter._render_html([Letter._prepare_document(letter)])
        env["ir.actions.report"]._run_wkhtmltopdf([html])


def _print_invoices(env, invoices):
    """Each invoice by Odoo's own report."""
    report = env["ir.actions.report"].with_context(force_report_rendering=True)
    for invoice in invoices:
        report._render_qweb_pdf("account.account_invoices", invoice.ids)


def _find_invoices(env):
    """Some posted customer invoices, none when accounting has none."""
    return env["account.move"].search(
        [("move_type", "=", "out_invoice"), ("state", "=", "posted")], limit=5
    )


def _line(label, seconds, count, batch):
    """Prints one way of printing, scaled to all letters; gives its ratio to the batch."""
    ratio = seconds / count * LETTERS / batch
    print(
        f"{label}: {count} took {seconds:.1f} s, so {LETTERS} take "
        f"{seconds / count * LETTERS:.0f} s (scaled): {ratio:.0f} times as long"
    )
    return ratio


def run(env):
    """Measures and prints; gives the ratio to Odoo's way of printing the same letters."""
    letters = [
        letter_samples.letter(number, rows=2 + number % 9) for number in range(1, LETTERS + 1)
    ]
    env["dunning.letter"]._render_letters(letters[:1])  # templates and probe, once a server
    _print_singly(env, letters[:1])
    batch, pdfs = _timed(env["dunning.letter"]._render_letters, letters)
    pages = sum(len(read_pdf(pdf).pages) for pdf in pdfs)
    print(f"one job: {len(pdfs)} documents, {pages} pages, {batch:.1f} s")
    seconds, _none = _timed(_print_singly, env, letters[:SINGLES])
    ratio = _line("the same letters, one process each, as Odoo runs it", seconds, SINGLES, batch)
    settings = env["ir.config_parameter"].sudo()
    delay = settings.get_param("report.print_delay")
    settings.set_param("report.print_delay", "0")
    seconds, _none = _timed(_print_singly, env, letters[:SINGLES])
    settings.set_param("report.print_delay", delay)
    _line("the same, Odoo's print delay set to 0", seconds, SINGLES, batch)
    invoices = _find_invoices(env)
    if invoices:
        _print_invoices(env, invoices[:1])
        seconds, _none = _timed(_print_invoices, env, invoices)
        _line("Odoo's invoice report, one record each", seconds, len(invoices), batch)
    print(f"ratio {ratio:.0f}, target {TARGET}: {'met' if ratio >= TARGET else 'MISSED'}")
    return ratio
