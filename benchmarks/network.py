"""How long the network reasoning takes on large deployments, by hand: `python benchmarks/network.py [RESOURCES]...`.

Each deployment is the worst case: VPCs with subnets, network ACLs of thirty entries, and workloads that all carry
different sets of security groups. The alarm is two seconds for 10,000 resources, and growth that is not about linear.
"""

from __future__ import annotations

import datetime
import gc
import random
import sys
import time
from collections.abc import Iterator

from partywall import catalog
from partywall.declared import Declared, Deployment
from partywall.engine import judge
from partywall.graph import Graph, View
from partywall.reason.network.exposure import reaches
from partywall.reason.network.interface import interfaces
from partywall.source import Span
from partywall.value import CREATED, Known, Reference, Setting, Unknown

TODAY = datetime.date(2026, 11, 1)
ENTRIES = 30
RULES = ("NET138", "NET163", "NET164", "NET101", "NET102", "NET103", "NET134", "NET168", "NET233")


def _of(address: str) -> Setting:
    return Unknown(CREATED, references=(Reference(address, "id"),))


def _list(*values: Setting) -> Setting:
    return Known(tuple(values))


def _map(**values: object) -> Setting:
    return Known({key: it if isinstance(it, Known | Unknown) else Known(it) for key, it in values.items()})


class _Maker:
    def __init__(self) -> None:
        self.made: list[Declared] = []

    def make(self, kind: str, name: str, **attributes: object) -> str:
        address = f"{kind}.{name}"
        line = len(self.made) + 1
        values = {key: it if isinstance(it, Known | Unknown) else Known(it) for key, it in attributes.items()}
        self.made.append(Declared("terraform", kind, address, values, Span("main.tf", line, 1, line, 2)))
        return address


def deployment(resources: int, seed: int = 7) -> Deployment:
    """A deployment of about so many resources."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    maker = _Maker()
    scale = resources / 10_000
    vpcs = max(1, round(20 * scale))
    groups: list[list[str]] = []
    subnets: list[list[str]] = []
    for number in range(vpcs):
        vpc = maker.make("aws_vpc", f"v{number}", cidr_block=f"10.{number}.0.0/16")
        gateway = maker.make("aws_internet_gateway", f"g{number}", vpc_id=_of(vpc))
        route = _map(cidr_block="0.0.0.0/0", gateway_id=_of(gateway))
        public = maker.make("aws_route_table", f"t{number}", vpc_id=_of(vpc), route=_list(route))
        mine = []
        for at in range(30):
            subnet = maker.make(
                "aws_subnet", f"s{number}_{at}", vpc_id=_of(vpc), cidr_block=f"10.{number}.{at}.0/24",
                map_public_ip_on_launch=at % 2 == 0,
            )  # fmt: skip
            if at % 2 == 0:
                maker.make(
                    "aws_route_table_association", f"a{number}_{at}", subnet_id=_of(subnet), route_table_id=_of(public)
                )
            mine.append(subnet)
        subnets.append(mine)
        for at in range(5):
            names = _list(*(_of(it) for it in mine[at * 6 : at * 6 + 6]))
            maker.make(
                "aws_network_acl", f"n{number}_{at}", vpc_id=_of(vpc), subnet_ids=names,
                ingress=_list(*_entries(chance)), egress=_list(*_entries(chance)),
            )  # fmt: skip
        groups.append([_group(maker, chance, vpc, f"{number}_{at}") for at in range(75)])
    while len(maker.made) < resources:
        number = chance.randrange(vpcs)
        carried = chance.sample(groups[number], 3)
        maker.make(
            "aws_instance", f"i{len(maker.made)}", subnet_id=_of(chance.choice(subnets[number])),
            vpc_security_group_ids=_list(*(_of(it) for it in carried)),
        )  # fmt: skip
    return Deployment("benchmark", "terraform", tuple(maker.made), ("main.tf",))


def _entries(chance: random.Random) -> Iterator[Setting]:
    for number in range(ENTRIES - 1):
        first = chance.randrange(1, 60_000)
        yield _map(
            rule_no=number + 1, action=chance.choice(("allow", "deny")), protocol="tcp", from_port=first,
            to_port=first + chance.randrange(200), cidr_block=f"{chance.randrange(1, 200)}.0.0.0/8",
        )  # fmt: skip
    yield _map(rule_no=100, action="allow", protocol="-1", from_port=0, to_port=0, cidr_block="0.0.0.0/0")


def _group(maker: _Maker, chance: random.Random, vpc: str, name: str) -> str:
    rules = []
    for _ in range(chance.randrange(1, 5)):
        port = chance.choice((22, 80, 443, 3306, 5432, 8080, 9200))
        block = chance.choice(("0.0.0.0/0", "10.0.0.0/8", "203.0.113.0/24"))
        rules.append(_map(protocol="tcp", from_port=port, to_port=port, cidr_blocks=_list(Known(block))))
    return maker.make("aws_security_group", name, vpc_id=_of(vpc), ingress=_list(*rules))


def main() -> None:
    """Measure the reasoning alone, then the rules on it, for each size."""
    gc.disable()  # As `partywall check` does.
    for size in [int(it) for it in sys.argv[1:]] or [1_000, 2_500, 5_000, 10_000]:
        made = deployment(size)
        started = time.process_time()
        view = View(Graph(made), {}, TODAY)
        reached = sum(bool(reaches(view, it)) for it in interfaces(view).workloads)
        reasoned = time.process_time() - started
        chosen = [it for it in catalog.rules() if it.id in RULES]
        started = time.process_time()
        found = judge(made, chosen, TODAY).findings
        judged = time.process_time() - started
        print(
            f"{len(made.resources):6} resources: reasoning {reasoned:.2f} s, {len(RULES)} rules {judged:.2f} s, "
            f"{reached} workloads reached, {sum(it.verdict == 'gap' for it in found)} gaps"
        )


if __name__ == "__main__":
    main()
