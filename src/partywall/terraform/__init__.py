"""The Terraform front end: configuration in, declared resources out."""
