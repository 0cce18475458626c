"""EMR: who reaches the nodes of a cluster."""

from __future__ import annotations

from partywall.aws.emr import Cluster, PublicAccessGuard
from partywall.reason import network
from partywall.rule import CRITICAL, HIGH, rule
from partywall.truth import Truth


@rule(
    "NET211",
    HIGH,
    same_as=[
        "checkov:CKV2_AWS_7",
    ],
    fixable="unsafe",
    raised=(CRITICAL, lambda cluster: cluster.open_beyond_ssh),
)  # fmt: skip
def emr_security_group_open_to_world(cluster: Cluster) -> Truth:
    """Clusters are closed to the internet.

    The services of a cluster, YARN, Livy and notebooks among them, run code for whoever connects, and attackers look
    for them. The groups that EMR makes by itself are closed; the ones you name are as open as you make them.

    Instead: admit the addresses of your own network, and reach web consoles through a tunnel.

    Sources: EMR management guide, Control network traffic with security groups; AWS Security Hub EMR.2.
    """
    return cluster.open_to_world


@rule("NET212", HIGH, same_as=["guard:EMR_MASTER_NO_PUBLIC_IP", "fsbp:EMR.1"])
def emr_cluster_in_public_subnet(cluster: Cluster) -> Truth:
    """Clusters stand in private subnets.

    In a public subnet nodes may have public addresses, and one rule too many in a security group puts their services on
    the internet. A cluster that names no subnet stands in the default VPC, all of whose subnets are public.

    Instead: place the cluster in a private subnet, with an endpoint for S3.

    Sources: EMR management guide, Configure networking in a VPC; AWS Security Hub EMR.1.
    """
    return network.addressing.stands_in_public_subnet(cluster)


@rule("NET213", HIGH, same_as=["checkov:CKV_AWS_390", "fsbp:EMR.2"], fixable="safe")
def emr_block_public_access_off(guard: PublicAccessGuard) -> Truth:
    """EMR refuses clusters whose groups are open to the internet.

    The guard holds for all clusters of an account in a region. It is on for accounts that came to EMR after July 2019,
    with an exception for port 22; every wider exception is a hole in it.

    Instead: keep it on, and take out the exceptions for ports other than 22.

    Sources: EMR management guide, Using Amazon EMR block public access; AWS Security Hub EMR.2.
    """
    return ~guard.on | guard.permits_more_than_ssh
