"""Facts that need more than one resource: network paths and the meaning of policies."""
