"""Odoo's web client as a person uses it, by Playwright: one user, one page.

The client never reaches "network idle" (its bus stays open): ``settle`` waits for
the requests that fill a screen, and for nothing else.
"""

import io
import os
import shutil
import time

from browser_french import english_labels
from PIL import Image

from dev import places

SIZE = {"width": 1400, "height": 900}
FOLDER = places.BUILD / "screenshots"
SHOWN = places.ROOT / "docs" / "screenshots"
README = ("today", "notices", "call")
MAX_BYTES = 200_000
PATIENCE = 30_000
# What Chromium says of its own accord.
NOISE = ("favicon", "ResizeObserver loop", "net::ERR_ABORTED")
# Every text that stands on the screen, whole, as labels are: texts, hints, placeholders.
READ_LABELS = """() => {
    const texts = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        const text = walker.currentNode.textContent.trim().replace(/\\s+/g, " ");
        if (text && parent.checkVisibility()) texts.add(text);
    }
    for (const element of document.querySelectorAll("[placeholder], [title], [aria-label]")) {
        if (!element.checkVisibility()) continue;
        for (const name of ["placeholder", "title", "aria-label"]) {
            const text = (element.getAttribute(name) || "").trim();
            if (text) texts.add(text);
        }
    }
    return [...texts];
}"""


def launch(playwright):
    """A Chromium: the system's own, since Playwright's would have to be downloaded."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    return playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])


class Client:
    """A user's page. ``errors`` and ``english`` gather what should not be there."""

    def __init__(self, browser, url, login):
        self.url, self.errors, self.english, self.waiting = url, [], {}, set()
        options = {"locale": "fr-FR", "timezone_id": "Europe/Paris", "accept_downloads": True}
        self.context = browser.new_context(viewport=SIZE, device_scale_factor=1, **options)
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self._watch()
        self.page.goto(f"{url}/web/login")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", login)
        self.page.click("form.oe_login_form button[type=submit]")
        self.page.wait_for_selector(".o_navbar", timeout=90_000)
        self.settle()

    def _watch(self):
        self.page.on("pageerror", lambda error: self._note(str(error)))
        self.page.on("console", lambda said: said.type == "error" and self._note(said.text))
        self.page.on("request", lambda request: _counts(request) and self.waiting.add(request))
        for end in ("requestfinished", "requestfailed"):
            self.page.on(end, lambda request: self.waiting.discard(request))

    def _note(self, text):
        if not any(noise in text for noise in NOISE):
            self.errors.append(text)

    def settle(self):
        """Wait until the screen has what it asked for, and has drawn it."""
        quiet, deadline = 0, time.monotonic() + PATIENCE / 1000
        while quiet < 4:
            assert time.monotonic() < deadline, f"still waiting for {self.waiting}"
            self.page.wait_for_timeout(60)
            quiet = 0 if self.waiting else quiet + 1

    # ------------------------------------------------------------
    # GOING SOMEWHERE
    # ------------------------------------------------------------

    def open(self, path):
        """A screen by its address: ``action-relance_graduee.x``, or a record's."""
        self.page.goto(f"{self.url}/odoo/{path}")
        self.page.wait_for_selector(".o_action_manager .o_view_controller")
        self.settle()

    def menu(self, *xml_ids):
        """Click through the menus from the applications on, as a person does."""
        self.page.click(".o_navbar_apps_menu button")
        for xml_id in xml_ids:
            self.page.click(f"[data-menu-xmlid='{xml_id}']")
            self.settle()

    def click(self, selector, text=None):
        """Click the one element that is there for it."""
        found = self.page.locator(selector).filter(visible=True)
        if text:
            found = found.filter(has_text=text)
        found.first.click()
        self.settle()

    def button(self, name):
        """Click a button of the view or the dialog, by the method it calls."""
        self.click(f"button[name='{name}']")

    def rows(self, text):
        """The rows of the list in which ``text`` stands."""
        return self.page.locator("tr.o_data_row").filter(has_text=text)

    def choose(self, *texts):
        """Tick the rows of the list in which these texts stand."""
        for text in texts:
            self.rows(text).first.locator(".o_list_record_selector input").check()
        self.settle()

    def count(self, selector):
        """How many of these one can see."""
        return self.page.locator(selector).filter(visible=True).count()

    def fill_field(self, name, value):
        """Type into a field of the form or the dialog on top."""
        field = self.page.locator(f".o_field_widget[name='{name}']").last
        box = field.locator("input, textarea").first
        box.click()  # as a person does: a calendar that the last Tab opened closes
        box.fill(value)
        box.press("Tab")

    def download(self, action):
        """What the browser downloads when ``action`` is done: its bytes."""
        found = []
        self.context.on("page", lambda page: page.on("download", lambda file: found.append(file)))
        self.page.on("download", lambda file: found.append(file))
        action()
        deadline = time.monotonic() + PATIENCE / 1000
        while not found and time.monotonic() < deadline:
            self.page.wait_for_timeout(100)
        return found[0].path().read_bytes()

    def call(self, model, method, *arguments, **options):
        """Call a method as this user, in French; the whole answer."""
        parameters = {"model": model, "method": method, "args": arguments, "kwargs": options}
        options.setdefault("context", {"lang": "fr_FR"})
        answer = self.page.request.post(
            f"{self.url}/web/dataset/call_kw/{model}/{method}",
            data={"jsonrpc": "2.0", "method": "call", "params": parameters},
        )
        return answer.json()

    def search(self, model, domain, *fields):
        """What this user reads of the records that match."""
        return self.call(model, "search_read", domain, fields)["result"]

    # ------------------------------------------------------------
    # LOOKING
    # ------------------------------------------------------------

    def look(self, name):
        """Keep a picture of the screen, and what stands on it in English."""
        self.settle()
        self.page.mouse.move(SIZE["width"] - 2, SIZE["height"] - 2)
        self.page.wait_for_timeout(350)
        found = english_labels() & set(self.page.evaluate(READ_LABELS))
        if found:
            self.english[name] = sorted(found)
        picture = self.page.screenshot()
        _keep(FOLDER, name, picture)
        if name in README and os.environ.get("RELANCE_SCREENSHOTS"):
            _keep(SHOWN, name, picture)


def _counts(request):
    """Whether the screen waits for it: not the bus, nor what is loaded for later."""
    address = request.url
    return request.resource_type in ("fetch", "xhr", "script", "stylesheet", "document") and not (
        "/bus/" in address or "/websocket" in address or address.startswith(("data:", "blob:"))
    )


def _keep(folder, name, picture):
    """Write a picture with as many colours as the size allows."""
    folder.mkdir(parents=True, exist_ok=True)
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in (256, 128, 64, 32):
        content = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(content, "PNG", optimize=True)
        if content.tell() < MAX_BYTES:
            break
    (folder / f"{name}.png").write_bytes(content.getvalue())
