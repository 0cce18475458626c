"""Address blocks that are not wholly known, and yet surely narrow or surely everything."""

from __future__ import annotations

from partywall.aws.resource import as_int
from partywall.value import Setting, Unknown

_OWN_BLOCKS = (
    "cidr_block", "CidrBlock", "cidr_blocks", "ipv6_cidr_block", "private_ip", "public_ip", "PrivateIp", "PublicIp",
    "PrimaryPrivateIpAddress",
)  # fmt: skip


def is_narrow(value: Setting) -> bool:
    """Whether a block is surely no wide one: a declared network's own, or one of at most a /16."""
    if not isinstance(value, Unknown):
        return False
    length = as_int(_prefix(value))
    return any(it.attribute in _OWN_BLOCKS for it in value.references) if length is None else length >= 16


def is_whole(value: Setting) -> bool:
    """Whether a block is surely all addresses of its family, whichever that is: one that ends in /0."""
    return isinstance(value, Unknown) and as_int(_prefix(value)) == 0


def _prefix(value: Unknown[object]) -> str:
    tail = (value.parts or (None,))[-1]
    return tail.rpartition("/")[2] if tail and "/" in tail else ""
