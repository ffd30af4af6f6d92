from odoo import models

from ..common.words import labelled

SHOWN_DIGITS = 8


class DunningNotice(models.Model):
    """A sent notice keeps which texts it was made of."""

    _inherit = "dunning.notice"

    def _prepare_frozen_vals(self, day):
        """With the texts of the paper that is made now: it may be posted days later."""
        vals = super()._prepare_frozen_vals(day)
        return vals | {"policy_snapshot": {"texts": self._prepare_text_versions()}}

    def _prepare_policy_snapshot(self):
        """With the texts: of the paper as they were printed, of messages as they leave now."""
        texts = self._prepare_text_versions()
        printed = (self.policy_snapshot or {}).get("texts", {})
        channel = self.env["dunning.channel"]
        kept = {code: v for code, v in printed.items() if not channel._get_channel(code)._is_queued}
        return super()._prepare_policy_snapshot() | {"texts": texts | kept}

    def _prepare_text_versions(self):
        """Channel code -> its text, see ``dunning.channel._prepare_text_version``."""
        channel = self.env["dunning.channel"]
        versions = {
            code: channel._get_channel(code)._prepare_text_version(self)
            for code in self.step_id._get_channels()
        }
        return {code: version for code, version in versions.items() if version}

    def _get_snapshot_label(self, name):
        return self.env._("Texts") if name == "texts" else super()._get_snapshot_label(name)

    def _get_snapshot_value(self, name, value):
        if name != "texts":
            return super()._get_snapshot_value(name, value)
        labels = dict(self.env["dunning.channel"]._get_selection())
        return "; ".join(
            labelled(self.env, labels.get(code, code), self._get_version_words(version))
            for code, version in value.items()
        )

    def _get_version_words(self, version):
        words = [version["name"], version["lang"], version["text_version"][:SHOWN_DIGITS]]
        if version["was_edited"]:
            words.append(self.env._("edited by hand"))
        return ", ".join(filter(None, words))
