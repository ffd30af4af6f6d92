"""What a customer sees and does in the portal. Controllers ask every room; no room knows them."""
