"""The venues that are shipped, as the kit tests them."""
