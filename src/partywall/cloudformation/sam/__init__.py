"""The AWS Serverless Application Model: what its transform makes of a template, done here and with places.

Source: AWS SAM developer guide; ids, policies and permissions as aws-sam-translator 1.115 writes them, which the tests
compare with ours. Most templates are none of SAM, so the expansion is loaded when one is met.
"""

PREFIX = "AWS::Serverless::"


def is_serverless(kind: str) -> bool:
    """Whether a type is one that the transform replaces."""
    return kind.startswith(PREFIX)
