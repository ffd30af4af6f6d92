"""Proofs and extracts by their address; addresses of our own."""

import base64

from odoo.http import Controller
from odoo.tests import HttpCase, tagged

from .common import SECRET, is_ours
from .world import WorldCommon


@tagged("post_install", "-at_install")
class TestHttp(WorldCommon, HttpCase):
    figures_of = "addresses"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        content = {"name": "proof.txt", "raw": SECRET.encode(), "mimetype": "text/plain"}
        notice, delivery = cls.records["dunning.notice"], cls.records["dunning.delivery"]
        cls.proofs = cls.env["ir.attachment"].create(
            [{**content, "res_model": each._name, "res_id": each.id} for each in (notice, delivery)]
        )
        cls.extract = cls.records["dunning.extract"]
        cls.extract.content = base64.b64encode(SECRET.encode())

    def test_proofs_are_for_who_may_read_what_they_prove(self):
        for kind in self.users:
            self._log_in(kind)
            for proof in self.proofs:
                owner = self.env[proof.res_model].browse(proof.res_id)
                allowed = owner.with_user(self.users[kind]).has_access("read")
                self._visit(kind, f"/web/content/{proof.id}", allowed)
                self._visit(kind, f"/web/content/ir.attachment/{proof.id}/raw", allowed)

    def test_extract_is_for_who_asked_for_it(self):
        for kind in self.users:
            self._log_in(kind)
            address = f"/web/content/dunning.extract/{self.extract.id}/content"
            self._visit(kind, address, kind == "manager")

    def _log_in(self, kind):
        login = None if kind == "public" else self.users[kind].login
        self.authenticate(login, login)

    def _visit(self, kind, address, allowed):
        answer = self.url_open(address, allow_redirects=False)
        told = answer.status_code == 200 and SECRET.encode() in answer.content
        outcome = "meant" if told and allowed else "through" if told else "refused"
        self.figures.note(outcome)
        with self.subTest(kind=kind, address=address):
            self.assertEqual(told, allowed)

    def test_every_address_of_ours_says_for_whom(self):
        controllers = [name for name in Controller.children_classes if is_ours(name)]
        self.assertFalse(controllers, "its addresses belong into the attacks")
