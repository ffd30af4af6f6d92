"""A certified duplicate names who certifies it, and leaves room to sign and stamp it."""

import re

from odoo.tests import tagged

from ...models.channel.dunning_notice_duplicate import SIGNING_ROOM
from ...tools.letter.pdf import read_pdf, squeeze
from ...tools.pdf_overprint import MM, overprint
from ..common_channels import ChannelCommon, make_pdf


@tagged("post_install", "-at_install")
class TestDuplicateStamp(ChannelCommon):
    def _stamped(self, room):
        notice = self._propose(1, self._create_customer(f"Room {room}"))
        stamp = notice._get_duplicate_stamp(self.day)
        return read_pdf(overprint(make_pdf(pages=2), stamp, room))

    def _get_heights(self, reader):
        """Height of the frame on each page, from its lowest and highest points, in points."""
        heights = []
        for page in reader.pages:
            data = page.get_contents().get_data().decode("latin-1")
            found = re.findall(r"([\d.]+) ([\d.]+) (?:m|l|c)\b", data)
            ys = [float(y) for _x, y in found if float(y) > 600]
            heights.append(max(ys) - min(ys))
        return heights

    def test_names_the_day_the_company_and_who_certifies(self):
        text = squeeze(self._stamped(SIGNING_ROOM).pages[0].extract_text())
        for words in ("CERTIFIED TRUE DUPLICATE", "10/07/2026", self.company.name):
            self.assertIn(squeeze(words), text)
        self.assertIn(squeeze("Sophie Signataire, Head of accounting"), text)
        self.assertIn(squeeze("Signature and stamp:"), text)

    def test_room_is_left_on_the_first_page(self):
        first, second = self._get_heights(self._stamped(SIGNING_ROOM))
        self.assertAlmostEqual(first - second, SIGNING_ROOM * MM, delta=1)

    def test_leaves_after_a_call_whose_step_has_no_email(self):
        self.steps[1].mail_template_id = False
        invoice = self._due(1)
        self._attach_pdf(invoice)
        notice = self._notices(self._launch())
        notice._send_duplicates()
        sent = self.env["dunning.delivery"].search(
            [("partner_id", "=", self.customer.id), ("channel", "=", "email")]
        )
        self.assertEqual(len(sent.mail_id.attachment_ids), 1)
