"""Which ports requests come from: every system takes them from a range of its own.

Source: VPC user guide, Network ACLs, Ephemeral ports; Linux kernel documentation, ip_local_port_range.
"""

from __future__ import annotations

from collections.abc import Iterator

from partywall.aws.ec2 import CONFIGURATIONS, INSTANCES, TEMPLATES, Launch
from partywall.aws.ports import PortRange
from partywall.aws.workload import Workload
from partywall.value import Known

LINUX, WINDOWS = (32768, 60999), (49152, 65535)
_LINUX_WORDS = (
    "amzn", "amazon-linux", "al2023", "ubuntu", "debian", "rhel", "centos", "rocky", "almalinux", "suse", "sles",
    "fedora", "bottlerocket", "eks-node", "eks/optimized-ami",
)  # fmt: skip
_LAUNCHED = (*INSTANCES, *TEMPLATES, *CONFIGURATIONS)


def client_ports(workload: Workload) -> PortRange:
    """The ports that a workload sends requests from, by its kind, or narrower by the words of its image."""
    memo, key = workload.view.memo, ("client", workload.declared.address)
    kept = memo.get(key)
    if not isinstance(kept, tuple):
        kept = memo[key] = _ports(workload)
    return kept


def _ports(workload: Workload) -> PortRange:
    found = {_range(word) for word in _words(workload)}
    if not found or None in found:
        return workload.kind.client
    known = [it for it in found if it is not None]
    return min(low for low, _ in known), max(high for _, high in known)


def _words(workload: Workload) -> Iterator[str]:
    for owner, _ in workload.layers:
        if owner.declared.type in _LAUNCHED:
            words = Launch(owner.view, owner.declared).image.words
            if words:
                yield from (str(it.it).lower() if isinstance(it, Known) else "" for it in words)
                return


def _range(word: str) -> PortRange | None:
    if "windows" in word:
        return WINDOWS
    return LINUX if any(it in word for it in _LINUX_WORDS) else None
