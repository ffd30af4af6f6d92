"""What another user may do: asked in that user's companies, not in those of who asks."""


def as_user(records, user):
    """``records`` as ``user`` meets them: with his or her rights, in all companies of theirs.

    ``with_user`` alone keeps the companies that the acting user has ticked (all of a tree, in a
    run): a company that ``user`` was not given makes every question about rights an error.
    """
    companies = user.sudo().company_ids.ids
    return records.with_user(user).sudo(False).with_context(allowed_company_ids=companies)
