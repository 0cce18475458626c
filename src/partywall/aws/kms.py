"""Keys."""

from __future__ import annotations

from partywall.aws.resource import ABSTRACT, Resource, flag, text
from partywall.truth import Truth
from partywall.value import fits


class Key(Resource, service="kms", model=ABSTRACT, cloudformation="AWS::KMS::Key", terraform="aws_kms_key"):
    """A key: AWS keeps it safe, the customer says who may use it and how long it lives."""

    rotates = flag(cfn="EnableKeyRotation", tf="enable_key_rotation", default=False)
    spec = text(cfn="KeySpec", tf=("customer_master_key_spec", "key_spec"), default="SYMMETRIC_DEFAULT")
    origin = text(cfn="Origin", tf="origin", default="AWS_KMS")
    usage = text(cfn="KeyUsage", tf="key_usage", default="ENCRYPT_DECRYPT")

    @property
    def can_rotate(self) -> Truth:
        """Whether AWS can rotate it: symmetric keys with material that KMS made itself."""
        owner = self.declared.address
        symmetric = fits(self.spec, "the key spec", lambda it: it == "SYMMETRIC_DEFAULT", owner)
        encrypts = fits(self.usage, "the key usage", lambda it: it == "ENCRYPT_DECRYPT", owner)
        own = fits(self.origin, "the origin", lambda it: it == "AWS_KMS", owner)
        return symmetric & encrypts & own & ~self.is_set((), "custom_key_store_id")
