from typing import NamedTuple

from odoo.tools.translate import LazyGettext


class Placeholder(NamedTuple):
    """A word that texts may use: a field of ``dunning.notice`` with ready-made words.

    name: the field, computed by ``_compute_texts`` from ``_prepare_placeholders``, or HTML.
    label: its name for the person who writes a text.
    is_html: a block, which can stand in HTML alone.
    is_figure: its words may change until the notice leaves.
    """

    name: str
    label: LazyGettext | str
    is_html: bool = False
    is_figure: bool = False
