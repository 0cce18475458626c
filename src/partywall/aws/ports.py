"""Protocols and ports as firewalls of AWS write them, and the ports people ask about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from partywall.aws.resource import as_int
from partywall.truth import NO, Truth, any_of, known
from partywall.value import Known, Value, fits

PortRange = tuple[int, int]

ADMIN: Sequence[PortRange] = (
    (22, 22), (23, 23), (2375, 2376), (3389, 3389), (4505, 4506), (5500, 5500), (5800, 5800), (5900, 5900),
    (5985, 5986),
    (6000, 6000), (10250, 10250),
)  # fmt: skip
"""SSH, telnet, Docker, RDP, Salt, VNC, WinRM, X11, kubelet."""

DATA: Sequence[PortRange] = (
    (389, 389), (636, 636), (1433, 1434), (1521, 1521), (2379, 2379), (2382, 2383), (2483, 2484), (3306, 3306),
    (5432, 5432),
    (5439, 5439), (5601, 5601), (5984, 5984), (6379, 6379), (7000, 7001), (7199, 7199), (9042, 9042), (9092, 9098),
    (9160, 9160),
    (9200, 9200), (9300, 9300), (11211, 11211), (11214, 11215), (27017, 27019), (61620, 61621),
)  # fmt: skip
"""Databases, caches, search engines, directories and brokers."""

SHARING: Sequence[PortRange] = (
    (20, 21), (25, 25), (53, 53), (111, 111), (135, 135), (137, 139), (161, 161), (445, 445), (873, 873), (2049, 2049),
    (3020, 3020), (8140, 8140),
)  # fmt: skip
"""File sharing and the services that go with it."""

PUBLIC: Sequence[PortRange] = ((80, 80), (443, 443))
"""What is usually meant for everyone."""

_NUMBERS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "-1": "-1", "all": "-1"}
ALL_PORTS = (0, 65535)


def as_protocol(it: object) -> str | None:
    """A protocol by name where it has one: `6` is `tcp`, `all` is `-1`."""
    number = None if isinstance(it, str) else as_int(it)
    if number is None and not isinstance(it, str):
        return None
    word = str(number) if number is not None else str(it).strip().lower()
    return _NUMBERS.get(word, word)


def _is(value: Value[str], names: Iterable[str], resource: str) -> Truth:
    wanted = tuple(names)
    return fits(value, "the protocol", lambda it: it in wanted, resource)


def _compare(value: Value[int], name: str, holds: Callable[[int], bool], resource: str) -> Truth:
    return fits(value, name, holds, resource)


def covers_some(
    protocol: Value[str],
    first: Value[int],
    last: Value[int],
    ports: Sequence[PortRange],
    resource: str,
    *,
    udp: bool = True,
) -> Truth:
    """Whether TCP (or UDP) traffic to some of the ports is meant; every protocol covers all of them."""
    every = _is(protocol, ("-1",), resource)
    carried = _is(protocol, ("tcp", "udp") if udp else ("tcp",), resource)
    if isinstance(first, Known) and isinstance(last, Known):
        low, high = bounds(first.it, last.it)
        hit = next(((start, end) for start, end in ports if start <= high and end >= low), None)
        span = first.span if first.span.line else last.span
        text = f"ports {low}-{high}" if low != high else f"port {low}"
        inside = known(
            hit is not None, f"{text} {'include' if hit else 'do not include'} {named(hit or ports[0])}", span, resource
        )
        return every | (carried & inside)
    within = any_of(
        _compare(first, "the first port", lambda it, end=end: it <= end or it < 0, resource)  # type: ignore[misc]
        & _compare(last, "the last port", lambda it, start=start: it >= start or it < 0, resource)  # type: ignore[misc]
        for start, end in ports
    )
    return every | (carried & within)


def covers_all(protocol: Value[str], first: Value[int], last: Value[int], resource: str) -> Truth:
    """Whether every port is meant."""
    every = _is(protocol, ("-1",), resource)
    whole = _compare(first, "the first port", lambda it: it <= 1, resource) & _compare(
        last, "the last port", lambda it: it >= ALL_PORTS[1] or it < 0, resource
    )
    if isinstance(first, Known) and isinstance(last, Known) and first.it == 0 and last.it == 0:
        whole = NO
    return every | (_is(protocol, ("tcp", "udp"), resource) & whole)


def bounds(first: int, last: int) -> PortRange:
    """A range of ports; -1 stands for all of them."""
    return ALL_PORTS if first < 0 or last < 0 else (first, last)


def icmp_range(kind: int | None, code: int | None) -> PortRange | None:
    """The stretch of the axis `type << 8 | code` that a type and a code mean; -1 stands for all of them."""
    if kind is None or (code is None and kind >= 0):
        return None
    if kind < 0:
        return ALL_PORTS
    low = (kind & 255) << 8
    return (low, low | 255) if code is None or code < 0 else (low | code & 255, low | code & 255)


def named(ports: PortRange) -> str:
    """A port range for people."""
    return str(ports[0]) if ports[0] == ports[1] else f"{ports[0]}-{ports[1]}"
