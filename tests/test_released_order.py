"""An order of a customer on hold, in the real web client.

The salesperson asks, the manager grants, the warehouse ships; the customer signs in the portal.
In French, with pictures of the screens in ``build/screenshots``.
"""

import os

import pytest
from browser_client import FOLDER, SIZE, Client, launch
from browser_french import is_complete
from playwright.sync_api import sync_playwright

from dev import odoo, places
from dev.pytest_server import OdooServer

CUSTOMER, SISTER = "Constructions Mercadal", "Mercadal Travaux Publics"
SELLER, MANAGER, WAREHOUSE = "nadia.roumieux", "helene.marchadier", "yanis.brochard"


@pytest.fixture(scope="module")
def server(new_database):
    name = new_database(os.environ["RELANCE_TEST_DATABASE"], "released")
    odoo.call(places.logs() / "released.log", name, "tests.browser_orders:fill")
    places.BUILD.mkdir(exist_ok=True)
    server = OdooServer(name).start("--max-cron-threads=0")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def people(server):
    """Login -> the page of that person."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield {who: Client(browser, server.url, who) for who in (SELLER, MANAGER, WAREHOUSE)}
        browser.close()


def _order(client, quantity=12):
    domain = [["partner_id.name", "=", CUSTOMER], ["order_line.product_uom_qty", "=", quantity]]
    return client.search("sale.order", domain, "state", "access_url", "access_token")[0]


def _delivery(client, quantity):
    domain = [["partner_id.name", "=", CUSTOMER], ["move_ids.product_uom_qty", "=", quantity]]
    return client.search("stock.picking", domain, "state", "dunning_held")[0]


def _ask(client, reason):
    """Ask for a release in the dialog."""
    client.button("action_ask_release")
    client.fill_field("reason", reason)
    client.click(".modal-footer .o_form_button_save")


def _grant(manager):
    """Open the first request and grant it."""
    manager.open("action-relance_graduee.dunning_release_action")
    manager.rows(CUSTOMER).first.locator("td[name=partner_id]").click()
    manager.settle()
    manager.button("action_grant")


def test_salesperson_asks_and_manager_grants(people):
    seller, manager = people[SELLER], people[MANAGER]
    order = _order(seller)
    seller.open("action-relance_graduee_sale.dunning_customer_action")
    assert seller.rows(CUSTOMER).count() == 1
    assert seller.rows(SISTER).count() == 1
    seller.look("order_customers")

    seller.open(f"sales/{order['id']}")
    banner = seller.page.locator(".o_field_widget[name=dunning_banner]").filter(visible=True)
    for words in ("4", "en retard depuis", "Encours autorisé", "Hélène Marchadier"):
        assert words in banner.inner_text()
    seller.look("order_banner")
    seller.button("action_confirm")
    seller.look("order_refused")
    assert seller.count(".modal-body:has-text('est bloqué')") == 1
    seller.page.locator(".modal-footer button").first.click()
    seller.settle()
    seller.button("action_ask_release")
    seller.look("order_release_new")
    seller.fill_field("reason", "Chantier en cours, paiement annoncé pour vendredi")
    seller.click(".modal-footer .o_form_button_save")
    assert _order(seller)["state"] == "draft"
    seller.look("order_release_asked")

    manager.open("action-relance_graduee.dunning_release_action")
    manager.look("order_releases")
    manager.rows(CUSTOMER).first.locator("td[name=partner_id]").click()
    manager.settle()
    manager.look("order_release")
    manager.button("action_grant")
    manager.look("order_release_granted")

    seller.open(f"sales/{order['id']}")
    seller.button("action_confirm")
    assert _order(seller)["state"] == "sale"
    seller.look("order_confirmed")
    _check(people)


def test_warehouse_ships_what_was_released(people):
    """After the order of the first test: its delivery goes, an older one waits for its release."""
    warehouse, manager = people[WAREHOUSE], people[MANAGER]
    warehouse.menu("stock.menu_stock_root")
    warehouse.open("action-stock.action_picking_tree_all")
    warehouse.look("delivery_list")
    assert warehouse.count("td[name=dunning_hold_message]:has-text('Bloqué')") == 1
    held, free = _delivery(warehouse, 4), _delivery(warehouse, 12)
    assert (held["dunning_held"], free["dunning_held"]) == (True, False)
    _ship(warehouse, free["id"], 12)

    warehouse.open(f"action-stock.action_picking_tree_all/{held['id']}")
    banner = warehouse.page.locator("[name=dunning_hold_message]").filter(visible=True)
    assert "€" not in banner.first.inner_text()
    warehouse.look("delivery_held")
    warehouse.button("button_validate")
    warehouse.look("delivery_refused")
    warehouse.page.locator(".modal-footer button").first.click()
    warehouse.settle()
    assert _delivery(warehouse, 4)["state"] != "done"
    _ask(warehouse, "Le camion attend sur le quai")
    _grant(manager)
    warehouse.open("action-stock.action_picking_tree_all")
    warehouse.look("delivery_released")
    _ship(warehouse, held["id"], 4)
    _check(people)


def _ship(warehouse, delivery_id, quantity):
    warehouse.open(f"action-stock.action_picking_tree_all/{delivery_id}")
    warehouse.button("button_validate")
    warehouse.look(f"delivery_done_{quantity}")
    assert _delivery(warehouse, quantity)["state"] == "done"


def test_portal_says_courteously_that_it_is_reviewed(people, server):
    seller = people[SELLER]
    order = _order(seller, 2)
    page = seller.page.context.browser.new_context(locale="fr-FR", viewport=SIZE).new_page()
    page.goto(f"{server.url}{order['access_url']}?access_token={order['access_token']}")
    page.locator("a[data-bs-target='#modalaccept']").first.click()
    page.locator(".o_web_sign_name_input").fill("Sylvie Roux")
    page.wait_for_timeout(1000)
    page.locator(".o_portal_sign_submit").click()
    page.wait_for_url("**message=sign_ok**")
    text = page.locator("#wrapwrap").inner_text()
    page.screenshot(path=FOLDER / "order_portal.png")
    assert "en cours d'examen" in text
    for word in ("bloqué", "retard", "encours", "est confirmée"):
        assert word not in text
    assert _order(seller, 2)["state"] == "sent"
    seller.open(f"sales/{order['id']}")
    seller.look("order_in_review")
    assert seller.count(".o-mail-Activity:has-text('à examiner')") == 1


def test_customer_page_says_limit_cover_and_hold(people):
    manager = people[MANAGER]
    customer = manager.search("res.partner", [["name", "=", CUSTOMER]], "name")[0]
    manager.open(f"action-account.res_partner_action_customer/{customer['id']}")
    manager.click(".nav-link[name=dunning]")
    manager.look("order_customer")
    manager.click(".nav-link[name=dunning_credit]")
    manager.look("order_customer_credit")
    manager.open("action-relance_graduee.dunning_limit_change_action")
    assert manager.rows("Revue annuelle").count() == 1
    manager.look("order_limit_changes")
    manager.open("action-relance_graduee.dunning_cover_action")
    manager.look("order_covers")
    _check(people)


def _check(people):
    """No error of a script, no English label on anybody's screens."""
    for client in people.values():
        assert not client.errors
        if is_complete():
            assert not client.english
