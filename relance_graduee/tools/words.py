def labelled(env, label, value):
    """``label: value`` as the language of ``env`` writes it (French puts a space before ':')."""
    return env._("%(label)s: %(value)s", label=label, value=value)
