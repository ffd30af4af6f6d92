"""The style sheets and scripts of the web client, made ahead of the first browser test."""


def generate(env):
    """Compile the bundles of all pages; without this each browser test waits for them anew."""
    env["ir.qweb"]._pregenerate_assets_bundles()
