"""EMR: what nodes say to each other."""

from __future__ import annotations

from partywall.aws.emr import SecurityConfiguration
from partywall.rule import HIGH, rule
from partywall.truth import Truth


@rule(
    "TLS213",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_351", "trivy:AVD-AWS-0138", "kics:EMR Security Configuration Encryptions Enabled",
        "cfn_nag:W61", "guard:EMR_SECURITY_CONFIG_ENABLED_AND_CONFIGURED_RULE",
        "cdk_nag:EMREncryptionInTransit", "fsbp:EMR.4",
    ],
)  # fmt: skip
def emr_transit_unencrypted(configuration: SecurityConfiguration) -> Truth:
    """Security configurations encrypt traffic between nodes.

    Nodes speak in the clear unless the configuration asks for TLS and says where the certificates are. A configuration
    cannot be changed later.

    Instead: write a configuration with `EnableInTransitEncryption` and a `TLSCertificateConfiguration`, and start
    clusters with it.

    Sources: EMR management guide, Encryption in transit; AWS Security Hub EMR.4.
    """
    return ~configuration.encrypts_traffic
