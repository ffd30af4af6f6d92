"""Values by default of the context: whoever calls writes them, whatever he may write."""


def without_defaults(records, names):
    """``records`` in a context that gives the fields ``names`` no value by default."""
    context = records.env.context
    forged = {f"default_{name}" for name in names} & context.keys()
    if not forged:
        return records
    plain = {key: value for key, value in context.items() if key not in forged}
    return records.with_env(records.env(context=plain))
