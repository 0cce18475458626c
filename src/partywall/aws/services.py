"""Which service a resource type belongs to, and who answers for what there."""

from __future__ import annotations

import re
from functools import cache

from partywall.aws.table import table
from partywall.immutable import immutable


@immutable()
class Service:
    """A service, its model of shared responsibility, and the duties that stay with the customer.

    `cloudformation` and `terraform` are the prefixes of its resource types.
    """

    name: str
    model: str
    duties: tuple[str, ...]
    cloudformation: tuple[str, ...]
    terraform: tuple[str, ...]


@cache
def services() -> tuple[Service, ...]:
    """Every service that is told apart, in the order of `data/services.json`."""
    return tuple(
        Service(
            row["service"],
            row["model"],
            tuple(row["duties"]),
            tuple(row["cloudformation"]),
            tuple(row["terraform"]),
        )
        for row in table("services")
    )


@cache
def classify(type: str) -> Service | None:  # noqa: A002 - the word both dialects use
    """The service of a resource type or data source of either dialect; None for a type of no listed service.

    The longest prefix that ends at the end of a word wins: `aws_route` begins `aws_route_table` and no
    `aws_route53_zone`, `AWS::EC2::VPC` begins `AWS::EC2::VPCEndpoint`.
    """
    name = type.removeprefix("data.")
    prefixes = _prefixes()
    for length in range(len(name), 0, -1):
        found = prefixes.get(name[:length])
        if found is not None and _WORD_ENDS.match(name, length):
            return found
    return None


_WORD_ENDS = re.compile(r"s?(?:_|$)|(?<=::)|[A-Z]")
"""What may follow a prefix: the next word, or the plural that some data sources have."""


@cache
def _prefixes() -> dict[str, Service]:
    return {prefix: it for it in services() for prefix in it.cloudformation + it.terraform}
