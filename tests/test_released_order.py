"""An order of a customer on hold, in the real web client: the salesperson asks, the manager grants.

In French, with pictures of the screens in ``build/screenshots``.
"""

import os

import pytest
from browser_client import Client, launch
from browser_french import is_complete
from playwright.sync_api import sync_playwright

from dev import odoo, places
from dev.pytest_server import OdooServer

CUSTOMER, SISTER = "Constructions Mercadal", "Mercadal Travaux Publics"
SELLER, MANAGER = "nadia.roumieux", "helene.marchadier"


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
        yield {who: Client(browser, server.url, who) for who in (SELLER, MANAGER)}
        browser.close()


def _order(client):
    return client.search("sale.order", [["partner_id.name", "=", CUSTOMER]], "state")[0]


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
