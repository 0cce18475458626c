"""ENC: encryption at rest and its keys."""
