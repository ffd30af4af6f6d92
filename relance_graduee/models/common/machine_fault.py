from odoo.exceptions import UserError


class MachineFault(UserError):
    """Our own machine is at fault: a program that is missing or hangs.

    It stops the whole work, is told once, in one sentence, and tried again later: it is never
    put on a customer. ``dunning.batch`` and ``dunning.sender`` let it through.
    """
