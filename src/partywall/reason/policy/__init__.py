"""What IAM policies mean: sets of actions, patterns, principals, conditions, and what follows from them together."""
