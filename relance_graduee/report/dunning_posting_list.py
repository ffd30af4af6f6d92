import datetime

from odoo import api, models

from ..models.common.words import long_date
from ..tools.posting_list import cut_posting_list


class DunningPostingList(models.AbstractModel):
    """Prints the list of registered letters that goes to the post office with them."""

    _name = "dunning.posting.list"
    _description = "Posting List of Registered Letters"

    @api.model
    def _render_posting_list(self, data):
        """The PDF of one list.

        :param data: dict {``sender``: {``name``, ``lines``: [str]}; ``date``: date or str;
            ``rows``: [{``tracking_number``, ``number`` (of the notice), ``recipient``: str,
            ``address``: str, unless ``recipient`` holds it}] in the order of posting;
            optional: ``lang``, and ``marker``, a reference printed at the foot}
        :return: bytes
        :raise UserError: wkhtmltopdf is missing or gave something else than was asked for
        """
        Letter = self.env["dunning.letter"]
        data = self._prepare_data(data)
        pages = cut_posting_list(data, self._get_labels(data["lang"]), Letter._get_build()[1])
        return Letter._print_document(
            {
                "html": Letter._render_pages(
                    "relance_graduee.dunning_posting_list_pages",
                    data["lang"],
                    {"data": data, "pages": pages},
                ),
                "count": len(pages),
                "marker": data["marker"],
                "title": data["marker"],
            }
        )

    @api.model
    def _prepare_data(self, data):
        """The data with everything that is printed as text."""
        lang = self.env["dunning.letter"]._get_lang(data.get("lang"))
        date = data["date"]
        if isinstance(date, datetime.date):
            date = long_date(self.env, date, lang)
        return {**data, "lang": lang, "date": date, "marker": data.get("marker") or date}

    @api.model
    def _get_labels(self, lang):
        """The heads of the columns, in a language: {key: str}."""
        env = self.with_context(lang=lang).env
        return {
            "rank": env._("No."),
            "tracking_number": env._("Tracking number"),
            "number": env._("Reminder"),
            "label": env._("Addressee"),
            "weight": env._("Weight"),
            "rate": env._("Rate"),
        }
