"""The daily run: propose, approve, send, in batches that may be killed.

Asked by: the scheduled action, the buttons of a notice.
Asks: call and below; penalties, limitation and credit by hooks alone.
"""

from . import (
    dunning_delivery,
    dunning_notice,
    dunning_proposal,
    dunning_run,
    dunning_run_enclosure,
    dunning_run_failure,
    dunning_run_trouble,
    dunning_sender,
    dunning_today,
)
