"""IAM: identity, access and credentials."""
