"""How often a user may ask."""
