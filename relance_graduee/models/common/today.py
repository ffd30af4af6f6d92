"""What is written takes the server's day, whichever day was asked for."""


def as_of_today(records):
    """``records`` without the day that the context asks for (``dunning_date``).

    That day moves what is looked at, in previews and in the reports of a day; who acts, acts today.
    """
    if not records.env.context.get("dunning_date"):
        return records
    return records.with_context(dunning_date=False)
