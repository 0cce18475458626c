"""`Auth.ResourcePolicy` of a REST API: lists of accounts, addresses and networks, as statements.

Source: AWS SAM developer guide, "ResourcePolicyStatement"; the statements as aws-sam-translator 1.115 writes them.
"""

from __future__ import annotations

from collections.abc import Mapping as Table
from collections.abc import Sequence

from partywall.cloudformation.sam.route import in_arn
from partywall.cloudformation.sam.serverless import Serverless
from partywall.cloudformation.sam.tree import Plain, child, each, grow, literal, sub
from partywall.text.node import Node


def policy(it: Serverless, paths: Table[str, Sequence[str]], own: Table[str, Node]) -> Plain:
    """The policy of an API: `paths` has its methods by path, `own` what single paths say of themselves."""
    given = it.get("Auth", "ResourcePolicy")
    stage = it.get("StageName")
    found: list[Plain] = []
    if given is not None:
        found += _statements(given, [_resource(path, one, stage) for path, all_ in paths.items() for one in all_])
    for path, node in own.items():
        found += _statements(node, [_resource(path, one, stage) for one in paths.get(path, ())])
    return {"Version": "2012-10-17", "Statement": found} if found else None


def _resource(path: str, method: str, stage: Node | None) -> Plain:
    return sub(f"execute-api:/${{Stage}}/{in_arn(method, path)}", Stage=stage or "*")


def _statements(given: Node, resources: list[Plain]) -> list[Plain]:
    found: list[Plain] = []
    for key, effect in (("AwsAccountWhitelist", "Allow"), ("AwsAccountBlacklist", "Deny")):
        accounts = child(given, key)
        if accounts is not None:
            found.append(grow(_statement(effect, {"AWS": accounts}, resources), accounts.span))
    for key, operator in (("IpRangeWhitelist", "NotIpAddress"), ("IpRangeBlacklist", "IpAddress")):
        blocks = child(given, key)
        if blocks is not None:
            found += _except({operator: {"aws:SourceIp": blocks}}, resources, blocks)
    for colour, operator in (("Blacklist", "StringEquals"), ("Whitelist", "StringNotEquals")):
        networks, endpoints = _networks(given, colour)
        if networks or endpoints:
            keys = {"aws:SourceVpc": networks or None, "aws:SourceVpce": endpoints or None}
            found += _except({operator: keys}, resources, (networks + endpoints)[0])
    custom = child(given, "CustomStatements")
    return [*found, *each(custom)]


def _networks(given: Node, colour: str) -> tuple[list[Node], list[Node]]:
    """Networks and endpoints of a list, which may be mixed where they are plain text."""
    mixed = list(each(child(given, f"SourceVpc{colour}")))
    endpoints = [one for one in mixed if (literal(one) or "").startswith("vpce-")]
    networks = [one for one in mixed if one not in endpoints]
    return (
        networks + list(each(child(given, f"IntrinsicVpc{colour}"))),
        endpoints + list(each(child(given, f"IntrinsicVpce{colour}"))),
    )


def _except(condition: dict[str, Plain], resources: list[Plain], at: Node) -> list[Plain]:
    """Everybody is allowed, except where a condition denies."""
    denied = {**_statement("Deny", "*", resources), "Condition": condition}
    return [grow(_statement("Allow", "*", resources), at.span), grow(denied, at.span)]


def _statement(effect: str, principal: Plain, resources: list[Plain]) -> dict[str, Plain]:
    return {"Effect": effect, "Action": "execute-api:Invoke", "Principal": principal, "Resource": resources}
