"""What came of all attempts, added up: the figure that ``make test`` prints at its end."""

import json
import logging
import os
from collections import Counter

_logger = logging.getLogger(__name__)

# Where the processes of one run write their figures, a line each; the runner adds them up.
VARIABLE = "RELANCE_ATTACK_FIGURES"
# refused: an error in words; crashed: another, undone as well; harmless: answered, and nothing came
# of it; meant: whose work it is; known: through, and named with the point that mends it; through:
# must be none.
NAMES = ("attempts", "refused", "crashed", "harmless", "meant", "known", "through")


class Figures(Counter):
    def note(self, outcome):
        """Count an attempt by its outcome, one of ``NAMES``."""
        self["attempts"] += 1
        self[outcome] += 1

    def publish(self, subject):
        """Say them in the log, and to whoever runs the tests."""
        words = ", ".join(f"{name} {self[name]}" for name in NAMES)
        _logger.info("Attacks on %s: %s", subject, words)
        if os.environ.get(VARIABLE):
            with open(os.environ[VARIABLE], "a") as target:
                target.write(json.dumps({"subject": subject, **self}) + "\n")
