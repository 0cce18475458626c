"""The CloudFormation front end: templates in, declared resources out."""
