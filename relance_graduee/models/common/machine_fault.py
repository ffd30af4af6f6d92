import errno

from odoo.exceptions import UserError

# The disk is full or cannot be written, too many files are open, there is no memory.
ERRNOS = (
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EROFS,
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOMEM,
)
# Classes of PostgreSQL's errors: lack of resources (a full disk), and errors of its system.
PG_CLASSES = ("53", "58")


class MachineFault(UserError):
    """Our own machine is at fault: a program that is missing or hangs.

    It stops the whole work, is told once, in one sentence, and tried again later: it is never
    put on a customer. ``dunning.batch`` and ``dunning.sender`` let it through.
    """


def is_machine_fault(error):
    """Whether nobody's file but our own machine is the cause of ``error``."""
    no_room = isinstance(error, OSError) and error.errno in ERRNOS
    is_database = (getattr(error, "pgcode", None) or "").startswith(PG_CLASSES)
    return isinstance(error, (MachineFault, MemoryError)) or no_room or is_database


def fault_in_words(env, error):
    """A sentence for the manager about an ``error`` that ``is_machine_fault``."""
    if isinstance(error, MachineFault):
        return str(error)
    return env._(
        "The server has no room left, on its disk or in its memory: nothing was sent. It is tried "
        "again later; if that goes on, ask your system administrator."
    )
