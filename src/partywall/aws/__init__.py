"""The normalised resources: what a thing is, how both dialects spell it, and what AWS does with it."""
