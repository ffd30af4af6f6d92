# Floors, ground first: a room may ask the rooms above it in this list, never those below it.
# docs/ARCHITECTURE.md has the map; tests/test_house.py checks it.
# ruff: noqa: I001
from . import common
from . import company
from . import legal
from . import policy
from . import item
from . import worklist
from . import notice
from . import letter
from . import channel
from . import call
from . import penalty
from . import limitation
from . import credit
from . import run
from . import privacy
