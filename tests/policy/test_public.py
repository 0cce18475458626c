"""A brute-force evaluator of drawn requests agrees on what is public."""

from __future__ import annotations

import datetime
import itertools
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partywall.address import parse_address, parse_block
from partywall.aws.policy import ResourceStatement
from partywall.declared import Declared, Deployment
from partywall.graph import Graph, View
from partywall.reason.policy.public import lets_in_foreign_account, open_to_anyone
from partywall.source import NOWHERE
from partywall.truth import State
from partywall.value import Known

DAY = datetime.date(2026, 11, 1)
BUCKET = "arn:aws:s3:::b"
Statement = Mapping[str, Any]


def _states(statements: list[Statement]) -> set[State]:
    attributes = {"policy": Known(json.dumps({"Version": "2012-10-17", "Statement": statements}))}
    declared = Declared("terraform", "aws_s3_bucket_policy", "aws_s3_bucket_policy.p", attributes, NOWHERE)
    view = View(Graph(Deployment("d", "terraform", (declared,), ())), {}, DAY)
    return {open_to_anyone(it).state for it in ResourceStatement.subjects(view)}


# Requests of strangers, and IAM's own rules for them.

Request = Mapping[str, str]


def _requests() -> Iterator[Request]:
    """Strangers: anonymous or of another account and organisation, from addresses that nobody named, over any way."""
    choices: dict[str, list[str | None]] = {
        "action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
        "resource": [BUCKET, f"{BUCKET}/key"],
        "aws:principalorgid": [None, "o-stranger"],
        "aws:sourcevpce": [None, "vpce-stranger"],
        "aws:sourceip": [None, "9.9.9.9", "198.51.100.7", "2600::1"],
        "aws:securetransport": ["true", "false"],
    }
    for values in itertools.product(*choices.values()):
        yield {key: value for key, value in zip(choices, values, strict=True) if value is not None}


def _like(pattern: str, text: str) -> bool:
    head, star, tail = pattern.partition("*")
    return text == pattern if not star else text.startswith(head) and text.endswith(tail)


def _test(operator: str, value: str, wanted: list[str]) -> bool:
    if operator == "IpAddress":
        address, family = parse_address(value)
        blocks = (parse_block(one) for one in wanted)
        return any(bits == family and first <= address < first + 2 ** (bits - length) for first, length, bits in blocks)
    if operator == "StringLike":
        return any(_like(one, value) for one in wanted)
    return value in wanted


def _holds(operator: str, key: str, wanted: list[str], request: Request) -> bool:
    value = request.get(key.lower())
    if operator == "Null":
        return (value is None) == (wanted == ["true"])
    quantifier, _, bare = operator.rpartition(":")
    bare, exists, _ = bare.partition("IfExists")
    negated = "Not" in bare
    if value is None:
        return quantifier == "ForAllValues" or bool(exists) or (negated and quantifier != "ForAnyValue")
    return _test(bare.replace("Not", ""), value, wanted) is not negated


def _applies(statement: Statement, request: Request) -> bool:
    return (
        statement["Principal"] == "*"
        and any(_like(one, request["action"]) for one in statement["Action"])
        and any(_like(one, request["resource"]) for one in statement["Resource"])
        and all(
            _holds(operator, key, values, request)
            for operator, tests in statement.get("Condition", {}).items()
            for key, values in tests.items()
        )
    )


REQUESTS = list(_requests())


def _is_public(statements: list[Statement]) -> bool:
    return any(
        any(it["Effect"] == "Allow" and _applies(it, request) for it in statements)
        and not any(it["Effect"] == "Deny" and _applies(it, request) for it in statements)
        for request in REQUESTS
    )


# What is drawn.

NAMED = [("aws:PrincipalOrgID", "o-ours"), ("aws:SourceVpce", "vpce-ours")]
RANGES = [["203.0.113.0/24"], ["10.0.0.0/8"], ["0.0.0.0/1", "128.0.0.0/1"], ["203.0.113.0/24", "0.0.0.0/0"]]
WORDS = ["StringEquals", "StringLike", "StringEqualsIfExists", "ForAllValues:StringEquals", "ForAnyValue:StringEquals"]
NOT_WORDS = [word.replace("String", "StringNot") for word in WORDS]

Test = tuple[str, str, list[str]]


def _named(words: list[str]) -> st.SearchStrategy[Test]:
    return st.builds(lambda word, one: (word, one[0], [one[1]]), st.sampled_from(words), st.sampled_from(NAMED))


def _ranged(words: list[str], ranges: list[list[str]]) -> st.SearchStrategy[Test]:
    return st.builds(lambda word, one: (word, "aws:SourceIp", one), st.sampled_from(words), st.sampled_from(ranges))


ALLOWED: st.SearchStrategy[Test] = st.one_of(
    _named(WORDS + NOT_WORDS),
    _ranged(["IpAddress", "NotIpAddress", "IpAddressIfExists"], RANGES),
    st.just(("StringLike", "aws:SourceVpce", ["vpce-*"])),
    st.just(("StringLike", "aws:PrincipalOrgID", ["*"])),
    st.builds(lambda word: ("Bool", "aws:SecureTransport", [word]), st.sampled_from(["true", "false"])),
    st.builds(
        lambda one, word: ("Null", one, [word]),
        st.sampled_from([*(name for name, _ in NAMED), "aws:SourceIp"]),
        st.sampled_from(["true", "false"]),
    ),
)
DENIED: st.SearchStrategy[Test] = st.one_of(
    _named(["StringEquals", *(word for word in NOT_WORDS if not word.startswith("ForAny"))]),
    _ranged(["NotIpAddress", "NotIpAddressIfExists"], RANGES[:2]),
    st.builds(lambda word: ("Bool", "aws:SecureTransport", [word]), st.sampled_from(["true", "false"])),
    st.builds(lambda one, word: ("Null", one[0], [word]), st.sampled_from(NAMED), st.sampled_from(["true", "false"])),
)


def _statement(effect: str, tests: st.SearchStrategy[Test]) -> st.SearchStrategy[Statement]:
    def built(who: object, does: list[str], what: list[str], conditions: list[Test]) -> Statement:
        statement: dict[str, Any] = {"Effect": effect, "Principal": who, "Action": does, "Resource": what}
        for operator, key, values in conditions:
            statement.setdefault("Condition", {}).setdefault(operator, {})[key] = values
        return statement

    return st.builds(
        built,
        st.sampled_from(["*", "*", {"AWS": "arn:aws:iam::111122223333:root"}]),
        st.sampled_from([["s3:GetObject"], ["s3:PutObject"], ["s3:*"], ["s3:GetObject", "s3:PutObject"]]),
        st.sampled_from([[BUCKET], [f"{BUCKET}/*"], [BUCKET, f"{BUCKET}/*"], ["*"]]),
        st.lists(tests, max_size=3, unique_by=lambda it: it[:2]),
    )


@settings(deadline=None, max_examples=400)
@given(st.lists(_statement("Allow", ALLOWED), min_size=1, max_size=2), st.lists(_statement("Deny", DENIED), max_size=2))
def test_public_is_what_some_stranger_may(allows: list[Statement], denies: list[Statement]) -> None:
    assert (State.YES in _states([*allows, *denies])) is _is_public([*allows, *denies])


@pytest.mark.parametrize(
    ("statements", "state"),
    [
        ([{"Effect": "Allow", "NotPrincipal": {"AWS": "111122223333"}, "Action": "s3:*", "Resource": "*"}], State.YES),
        ([{"Effect": "Allow", "Principal": {"AWS": ["1", "*"]}, "Action": "s3:*", "Resource": "*"}], State.YES),
        ([{"Effect": "Allow", "Principal": "*", "NotAction": "s3:Get*", "Resource": "*"}], State.YES),
        ([{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "s3:*"}], State.NO),
        ([{"Effect": "Allow", "Principal": {"Federated": "graph.facebook.com"}, "Action": "s3:*"}], State.YES),
    ],
)
def test_who_is_everyone(statements: list[Statement], state: State) -> None:
    assert _states(statements) == {state}


@pytest.mark.parametrize(
    ("key", "operator", "value", "restricts"),
    [
        ("aws:SourceArn", "ArnLike", "arn:aws:sns:*:111122223333:*", True),
        ("aws:SourceArn", "ArnLike", "arn:aws:sns:*:*:topic", False),
        ("aws:SourceArn", "ArnLike", "arn:aws:s3:::ours", True),
        ("aws:SourceArn", "ArnLike", "arn:aws:s3:*:*:ours", True),
        ("aws:SourceArn", "ArnLike", "arn:aws:s3:::*", False),
        ("aws:PrincipalArn", "ArnLike", "arn:aws:iam::111122223333:role/*", True),
        ("aws:PrincipalArn", "ArnLike", "arn:aws:iam::*:role/admin", False),
        ("aws:userid", "StringLike", "AROAEXAMPLE:*", True),
        ("aws:userid", "StringLike", "*:session", False),
        ("aws:PrincipalOrgPaths", "ForAnyValue:StringLike", "o-ours/*", True),
        ("aws:PrincipalOrgPaths", "ForAllValues:StringLike", "o-ours/*", False),
        ("s3:DataAccessPointAccount", "StringEquals", "111122223333", True),
        ("aws:Referer", "StringLike", "https://ours/*", False),
        ("aws:SourceVpc", "StringEquals", "${aws:RequestedRegion}", False),
        ("aws:SourceIp", "IpAddress", "203.0.113.0/24", True),
        ("aws:SourceIp", "IpAddress", "8.0.0.0/7", False),
        ("aws:SourceIp", "IpAddress", "2001:db8::/33", True),
        ("aws:SourceIp", "IpAddress", "2000::/3", False),
        ("AWS:PRINCIPALORGID", "stringequals", "o-ours", True),
    ],
)
def test_which_conditions_name_callers(key: str, operator: str, value: str, restricts: bool) -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    found = _states([{**statement, "Condition": {operator: {key: value}}}])
    assert found == {State.NO if restricts else State.YES}


def _foreign(statements: list[Statement], account: str | None) -> set[State]:
    attributes = {"policy": Known(json.dumps({"Version": "2012-10-17", "Statement": statements}))}
    declared = Declared("terraform", "aws_sqs_queue_policy", "aws_sqs_queue_policy.p", attributes, NOWHERE)
    view = View(Graph(Deployment("d", "terraform", (declared,), (), account=account)), {}, DAY)
    return {lets_in_foreign_account(it).state for it in ResourceStatement.subjects(view)}


def test_the_account_of_the_settings_is_no_foreign_one() -> None:
    statement = {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sqs:*", "Resource": "*"}
    assert _foreign([statement], None) == {State.YES}
    assert _foreign([statement], "111122223333") == {State.NO}
    assert _foreign([statement], "444455556666") == {State.YES}
