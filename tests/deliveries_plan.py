"""What the tests about deliveries over JSON-RPC try, and with whom; known on both sides."""

PRICE, QUANTITY = 100, 5
# How the customer stands: held, or why the goods go.
HELD, RELEASED, PREPAID, PAID = "held", "released", "prepaid", "paid"
KINDS = (HELD, RELEASED, PREPAID, PAID)
WORKER, SELLER = "worker", "seller"
PATHS = (
    "validate", "several", "backorder", "by_hand", "batch", "wave", "scanner", "state",
    "partner", "split", "again", "dropship", "steps",
)  # fmt: skip
