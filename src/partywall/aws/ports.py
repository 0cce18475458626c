"""Protocols and ports as firewalls of AWS write them, and the ports people ask about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from partywall.address import Ranges, ranges
from partywall.aws.resource import as_int
from partywall.immutable import immutable
from partywall.limit import Range
from partywall.truth import NO, Truth, any_of, known, yes
from partywall.value import Known, Value, fits

PortRange = tuple[int, int]


@immutable()
class Service:
    """What usually listens on some ports, and the protocols it is spoken over."""

    name: str
    ports: PortRange
    carried: tuple[str, ...] = ("tcp",)


CARRIERS = ("tcp", "udp")
"""The protocols that have ports."""

SSH = Service("SSH", (22, 22))
TELNET = Service("telnet", (23, 23))
RDP = Service("RDP", (3389, 3389), CARRIERS)
FTP = Service("FTP", (20, 21))
PLAIN_HTTP = Service("HTTP", (80, 80))

ADMIN: Sequence[Service] = (
    SSH,
    TELNET,
    Service("Docker", (2375, 2376)),
    RDP,
    Service("Salt", (4505, 4506)),
    Service("VNC", (5500, 5500)),
    Service("VNC", (5800, 5800)),
    Service("VNC", (5900, 5900)),
    Service("WinRM", (5985, 5986)),
    Service("X11", (6000, 6000)),
    Service("kubelet", (10250, 10250)),
)
"""What gives whoever gets in control of a machine; RDP moves to UDP once the connection stands ([MS-RDPEUDP])."""

DATA: Sequence[Service] = (
    Service("LDAP", (389, 389), CARRIERS),
    Service("LDAP", (636, 636)),
    Service("SQL Server", (1433, 1433)),
    Service("SQL Server", (1434, 1434), CARRIERS),
    Service("Oracle", (1521, 1521)),
    Service("etcd", (2379, 2379)),
    Service("Analysis Services", (2382, 2383)),
    Service("Oracle", (2483, 2484)),
    Service("MySQL", (3306, 3306)),
    Service("PostgreSQL", (5432, 5432)),
    Service("Redshift", (5439, 5439)),
    Service("Kibana", (5601, 5601)),
    Service("CouchDB", (5984, 5984)),
    Service("Redis", (6379, 6379)),
    Service("Cassandra", (7000, 7001)),
    Service("Cassandra", (7199, 7199)),
    Service("Cassandra", (9042, 9042)),
    Service("Kafka", (9092, 9098)),
    Service("Cassandra", (9160, 9160)),
    Service("Elasticsearch", (9200, 9200)),
    Service("Elasticsearch", (9300, 9300)),
    Service("Memcached", (11211, 11211), CARRIERS),
    Service("Memcached", (11214, 11215), CARRIERS),
    Service("MongoDB", (27017, 27019)),
    Service("Cassandra", (61620, 61621)),
)
"""Databases, caches, search engines, directories and brokers; CLDAP, the SQL Server Browser and Memcached use UDP."""

SHARING: Sequence[Service] = (
    FTP,
    Service("SMTP", (25, 25)),
    Service("DNS", (53, 53), CARRIERS),
    Service("portmapper", (111, 111), CARRIERS),
    Service("RPC", (135, 135)),
    Service("NetBIOS", (137, 137), CARRIERS),
    Service("NetBIOS", (138, 138), ("udp",)),
    Service("NetBIOS", (139, 139)),
    Service("SNMP", (161, 161), CARRIERS),
    Service("SMB", (445, 445)),
    Service("rsync", (873, 873)),
    Service("NFS", (2049, 2049), CARRIERS),
    Service("CIFS", (3020, 3020), CARRIERS),
    Service("Puppet", (8140, 8140)),
)
"""File sharing and the services that go with it (RFC 1001 and 1002 for NetBIOS, RFC 5531 and 7530, RFC 3430)."""

PUBLIC: Sequence[PortRange] = ((80, 80), (443, 443))
"""What is usually meant for everyone."""


def ports_of(services: Iterable[Service], carrier: str) -> Ranges:
    """The ports on which services are spoken over TCP or UDP."""
    return ranges(it.ports for it in services if carrier in it.carried)


_NUMBERS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", "-1": "-1", "all": "-1"}
EVERY = "-1"
"""The protocol that stands for all of them."""

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


def covers_some(
    protocol: Value[str], first: Value[int], last: Value[int], services: Sequence[Service], resource: str
) -> Truth:
    """Whether traffic to some services is meant, over what they are spoken; every protocol covers all of them."""
    if isinstance(protocol, Known) and protocol.it in CARRIERS:
        return _within(protocol.it, first, last, services, resource)
    return is_every(protocol, resource) | any_of(
        _is(protocol, (carrier,), resource) & _within(carrier, first, last, services, resource) for carrier in CARRIERS
    )


def carrier_of(protocol: Value[str]) -> str:
    """TCP or UDP, where that is known."""
    return protocol.it if isinstance(protocol, Known) and protocol.it in CARRIERS else ""


def is_every(protocol: Value[str], resource: str) -> Truth:
    """Whether every protocol is meant, and with it every port."""
    if isinstance(protocol, Known):
        return yes("every protocol and port is open", protocol.span, resource) if protocol.it == EVERY else NO
    return _is(protocol, (EVERY,), resource)


def is_one_of(first: Value[int], last: Value[int], ranges_: Sequence[PortRange], carrier: str, resource: str) -> Truth:
    """Whether exactly one of some ranges is meant."""
    if isinstance(first, Known) and isinstance(last, Known):
        span = first.span if first.span.line else last.span
        opened = bounds(first.it, last.it)
        return known(opened in ranges_, _opened(opened, carrier), span, resource)
    return any_of(
        fits(first, "the first port", Range(low, low), resource)
        & fits(last, "the last port", Range(high, high), resource)
        for low, high in ranges_
    )


def _within(carrier: str, first: Value[int], last: Value[int], services: Sequence[Service], resource: str) -> Truth:
    """Whether a range includes a port of some services."""
    wanted = [it for it in services if carrier in it.carried]
    if isinstance(first, Known) and isinstance(last, Known):
        low, high = bounds(first.it, last.it)
        hit = next((it for it in wanted if it.ports[0] <= high and it.ports[1] >= low), None)
        span = first.span if first.span.line else last.span
        return known(hit is not None, _said(carrier, (low, high), hit), span, resource)
    return any_of(
        fits(first, "the first port", Range(most=it.ports[1]), resource) & _reaches(last, it.ports[0], resource)
        for it in wanted
    )


def _reaches(last: Value[int], port: int, resource: str) -> Truth:
    """Whether a range that ends at some port goes as far as another; -1 stands for all of them."""
    return any_of(fits(last, "the last port", one, resource) for one in (Range(port), Range(most=-1)))


def _said(carrier: str, opened: PortRange, hit: Service | None) -> str:
    if hit is not None and not (hit.ports[0] <= opened[0] and opened[1] <= hit.ports[1]):
        return f"{_opened(opened, carrier)} and include {named(hit.ports)} ({hit.name})"
    return _opened(opened, carrier, f" ({hit.name})" if hit is not None else "")


def _opened(ports: PortRange, carrier: str = "", name: str = "") -> str:
    over = "UDP " if carrier == "udp" else ""
    return f"{over}{listed(Ranges((ports,)))}{name} {'is' if ports[0] == ports[1] else 'are'} open"


def covers_all(protocol: Value[str], first: Value[int], last: Value[int], resource: str) -> Truth:
    """Whether every port is meant."""
    carrier = carrier_of(protocol)
    if isinstance(first, Known) and isinstance(last, Known):
        low, high = bounds(first.it, last.it)
        span = first.span if first.span.line else last.span
        whole = known(low <= 1 and high >= ALL_PORTS[1], _opened((low, high), carrier), span, resource)
    else:
        whole = fits(first, "the first port", Range(most=1), resource) & _reaches(last, ALL_PORTS[1], resource)
    if isinstance(protocol, Known) and protocol.it in CARRIERS:
        return whole
    return is_every(protocol, resource) | (_is(protocol, CARRIERS, resource) & whole)


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


def listed(ports: Ranges) -> str:
    """A set of ports for people, with the noun."""
    parts = [named(it) for it in ports.parts]
    noun = "port" if ports.size == 1 else "ports"
    return f"{noun} {', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else f"{noun} {parts[0]}"
