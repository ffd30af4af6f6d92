"""Odoo over JSON-RPC, as the web client and the barcode scanner talk to it: a session a user."""

import json
import urllib.error
import urllib.request
from http.cookiejar import CookieJar

TIMEOUT = 120


class RpcError(Exception):
    """The server refused: ``name`` is the class of its error, the message its words."""

    def __init__(self, data):
        super().__init__(data["message"])
        self.name = data["name"]


class Caller:
    """A user who is logged in; ``call`` gives the result or raises ``RpcError``."""

    def __init__(self, url, database, login):
        self._url = url
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        words = {"db": database, "login": login, "password": login}
        self.uid = self._post("/web/session/authenticate", words)["uid"]

    def call(self, model, method, *arguments, **options):
        """Call ``method`` of ``model``; ``context`` is one of the options."""
        words = {"model": model, "method": method, "args": arguments, "kwargs": options}
        return self._post(f"/web/dataset/call_kw/{model}/{method}", words)

    def ids(self, model, *domain):
        """The records that match."""
        return self.call(model, "search", list(domain))

    def _post(self, path, words):
        request = urllib.request.Request(
            self._url + path,
            json.dumps({"jsonrpc": "2.0", "method": "call", "params": words}).encode(),
            {"Content-Type": "application/json"},
        )
        with self._opener.open(request, timeout=TIMEOUT) as answer:
            answer = json.load(answer)
        if "error" in answer:
            raise RpcError(answer["error"]["data"])
        return answer.get("result")
