"""Texts that hold more than placeholders, and releases beyond the limits, are told."""

import logging

from odoo import SUPERUSER_ID, api

_logger = logging.getLogger(__name__)


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    _tell_texts(env)
    _tell_of_releases(env)


def _tell_texts(env):
    """What is no longer filled in, in the log and on the ladder of each such text."""
    for name in sorted(env.registry.descendants(["dunning.checked.text"], "_inherit")):
        if env[name]._abstract:
            continue
        for source in env[name].with_context(active_test=False).search([])._filter_said():
            for problem in source._get_text_problems():
                _logger.info("A text with more than placeholders: %s", problem)
    env["dunning.policy"].with_context(active_test=False).search([])._note_text_problems()


def _tell_of_releases(env):
    releases = env["dunning.release"]._tell_beyond_limits()
    if releases:
        _logger.info(
            "%s open releases are beyond their granter's limits: %s", len(releases), releases.ids
        )
