"""The AWS Serverless Application Model: what its transform makes of a template, done here and with places.

Source: AWS SAM developer guide; ids, policies and permissions as aws-sam-translator 1.115 writes them, which the tests
compare with ours.
"""

from partywall.cloudformation.sam.expansion import expand, is_serverless
from partywall.cloudformation.sam.serverless import Made

__all__ = ["Made", "expand", "is_serverless"]
