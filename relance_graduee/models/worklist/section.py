from dataclasses import dataclass, field


@dataclass(frozen=True)
class Section:
    """A section of the page: what it counts and which list it opens.

    It counts either the records of ``model`` in a domain, or the open items that the decision
    holds for ``hold_reason``. Methods are named, as those of a field are: the page calls them
    when it needs their answer.

    :param code: value of ``dunning.today.section``
    :param place: order on the page and id of the row; given once, never to another section.
        The add-on uses multiples of ten: a place between them puts a section between two of its.
    :param label: title, translated
    :param action: XML id of the window action that lists what is counted
    :param model: counted model; it has ``company_id`` and ``partner_id``
    :param domain: method of ``dunning.today`` that returns the ``Domain`` of the list, without
        companies and users for a counted model; with ``hold_reason`` it is needed only if the
        list shows something else than the items
    :param of_branches: the counted records belong to branches too, not to main companies alone
    :param hold_reason: code of a hold reason of the decision
    :param counts: with ``hold_reason``: ``"items"`` or ``"customers"``
    :param with_credits: with ``hold_reason``: credits are counted too, not only what is owed
    :param condition: with ``hold_reason``: method of ``dunning.today`` that returns a further
        condition (SQL) on ``item`` (company_id, partner_id, hold_reason, amount_residual_company)
    :param context: context of the list
    :param group: XML id of the group that may open the list; everybody here if empty
    :param nothing: what would stand in the list, said while it is empty; else the action's advice
    :param is_alert: its number is red
    :param is_banner: a sentence above the page, without figures; ``hint`` says what can be done
    """

    code: str
    place: int
    label: str
    action: str
    model: str = ""
    domain: str = ""
    of_branches: bool = False
    hold_reason: str = ""
    counts: str = "items"
    with_credits: bool = False
    condition: str = ""
    context: dict = field(default_factory=dict)
    group: str = ""
    nothing: str = ""
    is_alert: bool = False
    is_banner: bool = False
    hint: str = ""
