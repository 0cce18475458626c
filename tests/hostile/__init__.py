"""Input that is broken or means harm."""
