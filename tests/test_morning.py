"""A collector's morning in the real web client, in French, with pictures of its screens.

Each test is one thing that the morning brings; none needs what another one did. The
pictures are in ``build/screenshots``; RELANCE_SCREENSHOTS=1 renews those of the README.
"""

import datetime
import importlib.util
import os

import browser_data as data
import pytest
from browser_client import Client, launch
from browser_french import french, is_complete
from playwright.sync_api import sync_playwright

from dev import odoo, places
from dev.pytest_server import OdooServer

RELANCES = ("account.menu_finance", "account.menu_finance_receivables")


@pytest.fixture(scope="module")
def server(new_database):
    """A server of our own: what other tests leave in their database would be in the pictures."""
    name = new_database(os.environ["RELANCE_TEST_DATABASE"], "morning")
    odoo.call(places.logs() / "morning.log", name, "tests.browser_data:fill")
    places.BUILD.mkdir(exist_ok=True)
    server = OdooServer(name).start("--max-cron-threads=0")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def collector(server, browser):
    return Client(browser, server.url, data.COLLECTOR)


@pytest.fixture(autouse=True)
def clean(request, collector):
    """After each test: a picture of where it failed; no error of a script, no English label."""
    failed = request.session.testsfailed
    collector.errors.clear()
    collector.english.clear()
    yield
    if request.session.testsfailed > failed:
        collector.look(f"failed_{request.node.name}")
    assert not collector.errors
    if is_complete():
        assert not collector.english


def business_days():
    """The add-on's calendar, loaded by itself: the add-on would bring Odoo along."""
    path = places.ROOT / "relance_graduee" / "tools" / "business_days.py"
    spec = importlib.util.spec_from_file_location("business_days", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _open_section(client, code):
    """Open the list of one section of the morning page."""
    client.open("action-relance_graduee.dunning_today_open_action")
    client.click(".o_kanban_record", text=_sections(client)[code])
    client.page.wait_for_selector(".o_list_view, .o_view_nocontent")


def _sections(client):
    answer = client.call("dunning.today", "fields_get", ["section"])
    return dict(answer["result"]["section"]["selection"])


def _customer(client, name):
    found = client.search("res.partner", [("name", "=", name)], "dunning_paused_until")
    return found[0]


def _said(text, *values):
    """A sentence as it is read on the screen, with plain spaces."""
    return _plain(french(text) % values if values else french(text))


def _plain(text):
    return " ".join(text.split())


def _row(client, text):
    return _plain(client.rows(text).first.inner_text())


def _deliveries(client, *names):
    domain = [("partner_id.name", "in", names)]
    return client.search("dunning.delivery", domain, "channel", "state", "tracking_number")


def test_today(collector):
    """The morning page shows every section with its count, and opens with one's own customers."""
    collector.menu(*RELANCES, "relance_graduee.menu_dunning_today")
    page = collector.page
    page.wait_for_selector(".o_dunning_today .o_kanban_record")
    collector.look("today")
    counts = {}
    for card in page.locator(".o_dunning_today .o_kanban_record:has(.o_dunning_number)").all():
        label, number = card.inner_text().split("\n")[0], card.locator(".o_dunning_number")
        counts[label.strip()] = int(number.inner_text())
    sections = {code: label for code, label in _sections(collector).items() if code != "discovery"}
    assert set(counts) == set(sections.values())
    for code in ("undelivered", "calls", "formal_to_approve", "pauses", "to_decide"):
        assert counts[sections[code]] > 0, code
    assert counts[sections["to_approve"]] == len(data.APPROVED)
    assert counts[sections["calls"]] == 1
    assert collector.count(".o_searchview_facet") == 1


def test_why_one_is_held(collector):
    """The list of open items says in a sentence why each one is held."""
    collector.open("action-relance_graduee.dunning_item_action")
    assert _said("Nothing: covered by a credit of %s", "400,00 €") in _row(collector, data.COVERED)
    assert _said("Nothing: disputed by the customer") in _row(collector, data.DISPUTED)
    if is_complete():
        assert "Rien : couvert par un avoir de 400,00 €" in _row(collector, data.COVERED)
    collector.look("items")


def test_edit_text(collector):
    """A text is edited in the editor: the words are the person's, the figures stay the books'."""
    domain = [("partner_id.name", "=", data.APPROVED[1])]
    [notice] = collector.search("dunning.notice", domain, "amount_total")
    collector.open(f"action-relance_graduee.dunning_notice_action/{notice['id']}")
    collector.button("action_edit_text")
    collector.click(".o_notebook a.nav-link[name=text]")
    [before] = collector.search("dunning.notice", domain, "body")
    editor = collector.page.locator(".o_field_widget[name=body] .odoo-editor-editable")
    figure = editor.locator(".dunning_figure_text_amount").first
    shown = figure.inner_text()
    figure.click()
    collector.page.keyboard.type("QQQ")
    editor.locator("p").first.click()
    collector.page.keyboard.press("Home")
    collector.page.keyboard.type("Notre comptable vous rappelle demain matin. ")
    collector.look("edit_text")
    assert figure.inner_text() == shown
    collector.click(".o_form_button_save")
    [after] = collector.search("dunning.notice", domain, "body", "is_text_edited", "text_warning")
    assert after["is_text_edited"] and not after["text_warning"]
    assert "Notre comptable vous rappelle demain matin." in after["body"]
    assert "QQQ" not in after["body"]
    marks = "dunning_figure dunning_figure_"
    assert after["body"].count(marks) == before["body"].count(marks) > 1


def test_approve_two(collector):
    """Two reminders are approved and sent in one go; their e-mails leave, their letters wait."""
    _open_section(collector, "to_approve")
    collector.choose(*data.APPROVED)
    collector.look("to_approve")
    collector.button("action_approve_and_send")
    for name in data.APPROVED:
        collector.rows(name).first.wait_for(state="detached")
    domain = [("partner_id.name", "in", data.APPROVED)]
    notices = collector.search("dunning.notice", domain, "state", "failure_reason", "name")
    assert [notice["state"] for notice in notices] == ["sent", "sent"]
    waiting = {(row["channel"], row["state"]) for row in _deliveries(collector, *data.APPROVED)}
    assert ("letter", "todo") in waiting
    collector.open("action-relance_graduee.dunning_notice_action")
    collector.look("notices")
    cards = collector.page.locator(".o_kanban_group .o_kanban_record")
    assert cards.filter(has_text=data.APPROVED[0]).count()


def test_call(collector):
    """A call is closed with what was said: its invoices are left in peace until that day."""
    _open_section(collector, "calls")
    collector.look("calls")
    collector.rows(data.CALLED).locator("button[name=action_close_call]").click()
    collector.page.wait_for_selector(".modal .o_field_widget[name=call_script]")
    promised = datetime.date.today() + datetime.timedelta(days=7)
    _choose_outcome(collector, "will_pay")
    collector.fill_field("outcome_date", promised.strftime("%d/%m/%Y"))
    collector.fill_field("outcome_amount", "2295,00")
    collector.fill_field("outcome_means", "Virement")
    collector.fill_field("note", "Mme Roux a validé la facture, le virement est programmé.")
    collector.look("call")
    collector.button("action_close")
    collector.page.wait_for_selector(".modal", state="detached")
    named = [("partner_id.name", "=", data.CALLED), ("dunning_stay_until", "!=", False)]
    [until] = {
        row["dunning_stay_until"]
        for row in collector.search("account.move.line", named, "dunning_stay_until")
    }
    assert until == business_days().add_working_days(promised, 3).isoformat()
    [call] = [row for row in _deliveries(collector, data.CALLED) if row["channel"] == "phone"]
    assert call["state"] == "done"


def _choose_outcome(client, code):
    """Pick what was said in the list of the dialog."""
    answer = client.call("dunning.call", "fields_get", ["outcome"])
    label = dict(answer["result"]["outcome"]["selection"])[code]
    client.page.click(".modal .o_field_widget[name=outcome] input")
    client.page.locator(".o_select_menu_item").filter(has_text=label).first.click()
    client.settle()


def test_letters(collector):
    """Letters are printed in one file, then confirmed as posted, the registered one numbered."""
    letters = (data.LETTER, data.REGISTERED)
    collector.open("action-relance_graduee.dunning_delivery_letter_action")
    collector.look("letters")
    collector.choose(*letters)
    content = collector.download(lambda: collector.button("action_print"))
    assert content.startswith(b"%PDF-")
    collector.open("action-relance_graduee.dunning_delivery_letter_action")
    collector.choose(*letters)
    collector.click(".o_control_panel button", text=french("Confirm as posted"))
    collector.page.wait_for_selector(".modal .o_field_widget[name=line_ids]")
    collector.click(".modal .o_data_cell[name=tracking_number]")
    collector.page.fill(".modal [name=tracking_number] input", "2C 148 392 7710 5")
    collector.look("posting")
    collector.button("action_confirm")
    collector.page.wait_for_selector(".modal", state="detached")
    posted = [r for r in _deliveries(collector, *letters) if r["channel"] != "email"]
    posted = [row for row in posted if row["channel"] in ("letter", "registered")]
    assert {(row["channel"], row["state"]) for row in posted} == {
        ("letter", "done"),
        ("registered", "done"),
    }
    assert "2C 148 392 7710 5" in [row["tracking_number"] for row in posted]


def test_what_will_happen(collector):
    """The preview of a day to come: nothing is done, every reminder that would be made shows."""
    collector.menu(*RELANCES, "relance_graduee.menu_dunning_preview")
    day = business_days().add_working_days(datetime.date.today(), 10)
    collector.fill_field("date", day.strftime("%d/%m/%Y"))
    collector.look("preview_date")
    collector.button("action_show")
    collector.page.wait_for_selector(".o_list_view")
    assert collector.count(".o_group_header") > 1
    collector.click(".o_group_header .o_group_name")
    collector.look("preview")
    assert collector.count("tr.o_data_row") > 0


def test_customer_and_invoice(collector):
    """Accounts, then one customer and its invoice: a sentence says where each stands."""
    collector.open("action-relance_graduee.dunning_account_action")
    assert collector.rows(data.FORMAL).count() == 1
    collector.look("accounts")
    collector.open(f"res.partner/{_customer(collector, data.PAUSED)['id']}")
    collector.click(".o_notebook a.nav-link", text=french("Reminders"))
    said = _plain(collector.page.locator("[name=dunning_detail]:visible").first.inner_text())
    assert said.startswith(_said("Paused until %s", ""))
    collector.look("customer")
    domain = [("partner_id.name", "=", data.DISPUTED), ("move_type", "=", "out_invoice")]
    [invoice] = collector.search("account.move", domain, "name")
    collector.open(f"account.move/{invoice['id']}")
    collector.click(".o_notebook a.nav-link", text=french("Reminders"))
    said = _plain(collector.page.locator(".o_notebook [name=dunning_detail]").inner_text())
    assert said == _said("Nothing: disputed by the customer")
    collector.look("invoice")


def test_formal_notices_are_for_managers(collector, server, browser):
    """The collector reads a formal notice and may not approve it; the manager does."""
    _open_section(collector, "formal_to_approve")
    collector.rows(data.FORMAL).first.locator("td[name=partner_id]").click()
    collector.page.wait_for_selector(".o_form_view")
    collector.look("formal_notice")
    assert collector.count("button[name=action_approve_and_send]") == 0
    domain = [("partner_id.name", "=", data.FORMAL)]
    [notice] = collector.search("dunning.notice", domain, "state")
    refused = collector.call("dunning.notice", "action_approve_and_send", [notice["id"]])
    assert refused["error"]["data"]["name"] == "odoo.exceptions.AccessError"

    manager = Client(browser, server.url, data.MANAGER)
    manager.open(f"action-relance_graduee.dunning_notice_action/{notice['id']}")
    manager.button("action_approve_and_send")
    manager.click(".modal .btn-primary")
    manager.page.wait_for_selector(".modal", state="detached")
    manager.look("formal_notice_sent")
    [notice] = manager.search("dunning.notice", domain, "state", "failure_reason", "delivery_ids")
    assert not notice["failure_reason"]
    assert notice["state"] in ("approved", "sent") and notice["delivery_ids"]
    assert not manager.errors
