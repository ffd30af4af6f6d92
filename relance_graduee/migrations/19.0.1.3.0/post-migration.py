"""Texts name placeholders alone from now on: those that hold something else are told."""

import logging

from odoo import SUPERUSER_ID, api

_logger = logging.getLogger(__name__)


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    _tell_texts(env)


def _tell_texts(env):
    """What is no longer filled in, in the log and on the ladder of each such text."""
    for name in sorted(env.registry.descendants(["dunning.checked.text"], "_inherit")):
        if env[name]._abstract:
            continue
        for source in env[name].with_context(active_test=False).search([])._filter_said():
            for problem in source._get_text_problems():
                _logger.info("A text with more than placeholders: %s", problem)
    env["dunning.policy"].with_context(active_test=False).search([])._note_text_problems()
