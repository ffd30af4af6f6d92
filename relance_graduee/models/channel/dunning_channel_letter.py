import base64

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

from ...tools.letter.pdf import merge_pdfs
from ..common.files import get_content

_lt = LazyTranslate(__name__)


class DunningChannelLetter(models.AbstractModel):
    """An ordinary letter: the machine prints, a person posts."""

    _name = "dunning.channel.letter"
    _inherit = ["dunning.channel"]
    _description = "Dunning channel: letter"

    _channel_code = "letter"
    _label = _lt("Letter")
    _place = 20
    _step_flag = "print_letter"
    _text_field = "letter_body"
    _is_written = True
    _is_posted = True
    _is_printed = True
    _may_retry = True
    _is_copy = True

    @api.model
    def _is_document(self):
        return True

    @api.model
    def _get_text_source(self, step):
        return step, ("letter_subject", "letter_body", "letter_closing")

    @api.model
    def _get_recipient(self, notice):
        written = notice.with_context(lang=notice._get_lang())  # as it stands on the letter
        return notice._get_contacts(), ", ".join(written._get_postal_lines())

    @api.model
    def _get_obstacle(self, notice):
        if not notice._get_postal_address().is_complete:
            return self.env._(
                "%s has no complete postal address: enter the street, postcode and city.",
                notice.partner_id.display_name,
            )
        return None

    @api.model
    def _get_arrival_day(self, notice, day):
        """After the postal margin: more abroad and overseas (postcodes 97 and 98)."""
        address = notice._get_postal_address()
        far = bool(address.country) and address.country.code != "FR"
        far = far or address.zip.startswith(("97", "98"))
        company = notice.company_id
        margin = company.dunning_postal_days_abroad if far else company.dunning_postal_days
        return company._add_dunning_working_days(day, margin)

    @api.model
    def _check_done(self, delivery, day):
        """The paper that is posted must be the one in the file, and must tell the truth."""
        notice = delivery.notice_id
        if not notice:
            return
        notice._check_files(delivery._get_document())
        if notice.state == "sent":
            self._check_still_open(delivery)
            return
        if delivery.waits_for_proof:
            raise UserError(
                self.env._(
                    "%s is a copy: post the letter that it copies first, or both together.",
                    delivery.display_name,
                )
            )
        if day > delivery.date_planned:
            raise UserError(
                self.env._(
                    "%(letter)s was made for %(date)s: print it again, so that its date and "
                    "deadline are right, then post it.",
                    letter=delivery.display_name,
                    date=format_date(self.env, delivery.date_planned),
                )
            )
        self._check_same_address(delivery)
        if not notice._is_still_true():
            raise UserError(
                self.env._(
                    "%s: a payment, a dispute or a credit note came in since it was printed. "
                    "Print it again.",
                    delivery.display_name,
                )
            )

    @api.model
    def _check_same_address(self, delivery):
        """:raise UserError: the address is not the one on the paper, or is none any more"""
        obstacle = not delivery.is_accountant_copy and self._get_obstacle(delivery.notice_id)
        if obstacle or delivery.recipient != delivery._get_current_recipient():
            raise UserError(
                obstacle
                or self.env._(
                    "%s: the address was changed since it was printed. Print it again.",
                    delivery.display_name,
                )
            )

    @api.model
    def _check_still_open(self, delivery):
        """A letter of a notice that was sent by e-mail leaves only while something is owed.

        :raise UserError: nothing is owed any more
        """
        if not delivery.notice_id._is_still_open():
            raise UserError(
                self.env._(
                    "%s: everything was paid since. Do not post it, cancel it.",
                    delivery.display_name,
                )
            )

    @api.model
    def _after_done(self, delivery, day):
        """A letter that follows an e-mail leaves the customer as many days."""
        if not delivery.is_accountant_copy:
            delivery.notice_id._extend_deadline(day)

    # ------------------------------------------------------------
    # PRINTING
    # ------------------------------------------------------------

    @api.model
    def _print(self, deliveries):
        """Render again what was planned for an earlier day, then one PDF in posting order.

        :return: action that opens the PDF, or says that none is left to post
        :raise UserError: no letter among ``deliveries``
        """
        letters = deliveries.filtered("is_printed")
        if not letters:
            raise UserError(self.env._("There is no letter to print here."))
        letters._refresh_letters()
        letters = letters.exists().filtered(lambda d: d.state in ("todo", "done"))
        if not letters:
            return self._say_nothing_is_left()
        letters = self._sort_for_post(letters)
        for letter in letters:
            letter.notice_id._check_files(letter._get_document())
        content = merge_pdfs([get_content(letter._get_document()) for letter in letters])
        letters.filtered(lambda d: d.state == "todo" and not d.date_printed).write(
            {"date_printed": letters[:1].company_id._get_dunning_today()}
        )
        return self._open_pdf(content, self.env._("Letters.pdf"))

    @api.model
    def _sort_for_post(self, letters):
        """In posting order: that of the printed batch, the posting list and the numbers."""
        return letters.sorted(
            lambda d: (d.notice_id.name or "", d.is_accountant_copy, d.channel, d.id)
        )

    @api.model
    def _say_nothing_is_left(self):
        """A message, not an error: that these letters were cancelled must stay."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._("Nothing is left to post: paid, covered or disputed."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _open_pdf(self, content, name):
        attachment = self.env["ir.attachment"].create(
            {
                "name": name,
                "datas": base64.b64encode(content),
                "mimetype": "application/pdf",
                "res_model": "dunning.delivery",
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "new",
        }
