"""EC2: what instances may do, and what their first boot gives away."""

from __future__ import annotations

from partywall.aws.ec2 import Launch
from partywall.reason.policy.instance import runs_with_power
from partywall.rule import CRITICAL, HIGH, LOW, rule
from partywall.truth import Truth


@rule(
    "IAM102",
    HIGH,
    same_as=["terrascan:AC_AWS_0477", "terrascan:AC_AWS_0488"],
    raised=(CRITICAL, lambda launch: ~launch.asks_for_tokens & ~launch.metadata_off),
)
def instance_role_too_powerful(launch: Launch) -> Truth:
    """Instances run with the rights their work needs.

    Whoever gets onto an instance, or makes it fetch an address, has its role. An administrator's role, or one that can
    take more rights, makes a flaw in a web application a flaw of the whole account.

    Instead: grant the role the calls of its work, on named resources.

    Sources: EC2 user guide, IAM roles for Amazon EC2; IAM user guide, Apply least-privilege permissions.
    """
    return runs_with_power(launch)


@rule(
    "IAM104",
    HIGH,
    same_as=[
        "checkov:CKV_AWS_46", "trivy:AVD-AWS-0029", "trivy:AVD-AWS-0129",
        "kics:User Data Contains Encoded Private Key", "kics:Hardcoded AWS Access Key", "terrascan:AC_AWS_0168",
        "terrascan:AC_AWS_0170",
    ],
    lowered=(LOW, lambda launch: launch.hands_out_example),
    secret=True,
)  # fmt: skip
def user_data_contains_secret(launch: Launch) -> Truth:
    """Boot scripts fetch secrets and do not carry them.

    User data can be read by every process on the machine, and through the API by everyone who may describe the
    instance. Keys count by their form, passwords by the name they are given to, also within base64. An example key of
    AWS's documentation opens nothing, but a real one is expected in its place.

    Instead: read the secret from Secrets Manager or Parameter Store at boot, with the role of the instance.

    Sources: EC2 user guide, Run commands when you launch an EC2 instance with user data input.
    """
    return launch.hands_out_secrets
