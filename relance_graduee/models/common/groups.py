"""The groups that code asks about, by their external ids.

A field's ``groups`` and ``has_group`` take these strings; records of access
rights stand in ``security/``.
"""

USER_GROUP = "relance_graduee.group_dunning_user"
MANAGER_GROUP = "relance_graduee.group_dunning_manager"
DIRECTOR_GROUP = "relance_graduee.group_dunning_director"
ACCOUNTING_GROUPS = "account.group_account_invoice,account.group_account_readonly"
# Our judgement of a customer is hidden from its portal users, who may read its card.
INTERNAL_GROUP = "base.group_user"
