"""Pages of the customer in the portal. Controllers ask every room; no room knows them."""
