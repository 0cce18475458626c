"""Tests of one statement read together, a refusal beside the grant it is meant for, and resources that are left out.

The answers follow from IAM's evaluation: a request is allowed when some Allow holds and no Deny does. Sources: IAM user
guide, Policy evaluation logic; Condition operators; Set operators for multivalued context keys; NotResource.
"""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest

from partywall.aws.policy import ResourceStatement
from partywall.declared import Declared, Deployment
from partywall.graph import Graph, View
from partywall.reason.policy.pattern import Hole, Pattern, meets, tokens
from partywall.reason.policy.public import open_to_anyone
from partywall.source import NOWHERE
from partywall.truth import State, any_of
from partywall.value import Known

DAY = datetime.date(2026, 11, 1)
BUCKET = "arn:aws:s3:::b"
OBJECTS = f"{BUCKET}/*"
ORG, PATHS, ENDPOINT, FROM = "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:SourceVpce", "aws:SourceIp"


def _statement(effect: str, action: object, resource: object, condition: object, more: object) -> dict[str, Any]:
    assert isinstance(more, dict)
    found = {"Effect": effect, "Principal": "*", "Action": action, "Resource": resource, "Condition": condition or {}}
    return {name: value for name, value in {**found, **more}.items() if value is not None}


def _allow(condition: object = None, resource: object = OBJECTS, **more: object) -> dict[str, Any]:
    return _statement("Allow", "s3:GetObject", resource, condition, more)


def _deny(condition: object = None, resource: object = (BUCKET, OBJECTS), **more: object) -> dict[str, Any]:
    return _statement("Deny", "s3:*", resource, condition, more)


def _public(*statements: dict[str, Any]) -> State:
    attributes = {"policy": Known(json.dumps({"Version": "2012-10-17", "Statement": statements}))}
    declared = Declared("terraform", "aws_s3_bucket_policy", "aws_s3_bucket_policy.p", attributes, NOWHERE)
    view = View(Graph(Deployment("d", "terraform", (declared,), ())), {}, DAY)
    return any_of(open_to_anyone(it) for it in ResourceStatement.subjects(view)).state


@pytest.mark.parametrize(
    ("condition", "state"),
    [
        ({"ForAllValues:StringLike": {PATHS: ["o-1/*"]}}, State.YES),
        ({"ForAllValues:StringLike": {PATHS: ["o-1/*"]}, "Null": {PATHS: "false"}}, State.NO),
        ({"StringEqualsIfExists": {ORG: "o-1"}, "Null": {ORG: "false"}}, State.NO),
        ({"StringEqualsIfExists": {ORG: "o-1"}, "Null": {ORG: "true"}}, State.YES),
        ({"StringEqualsIfExists": {ORG: "o-1"}, "StringLike": {ORG: "*"}}, State.NO),
        ({"StringLike": {ENDPOINT: "vpce-*"}, "Null": {ENDPOINT: "true"}}, State.NO),
        ({"Null": {ENDPOINT: "false"}}, State.YES),
        ({"IpAddress": {FROM: "0.0.0.0/0"}, "NotIpAddress": {FROM: "203.0.113.0/24"}}, State.YES),
        ({"IpAddress": {FROM: "0.0.0.0/0"}, "NotIpAddress": {FROM: ["0.0.0.0/1", "128.0.0.0/1"]}}, State.NO),
        ({"IpAddress": {FROM: "0.0.0.0/0"}, "NotIpAddress": {FROM: ["0.0.0.0/1", "128.0.0.0/2"]}}, State.YES),
        ({"IpAddress": {FROM: "203.0.113.0/24"}, "Bool": {"aws:SecureTransport": "true"}}, State.NO),
        ({"StringEquals": {"aws:PrincipalTag/team": "${aws:ResourceTag/team}"}}, State.YES),
        ({"ForAnyValue:StringEquals": {"aws:CalledVia": "athena.amazonaws.com"}}, State.YES),
    ],
)
def test_several_tests_of_one_key(condition: object, state: State) -> None:
    assert _public(_allow(condition)) is state


AGENT = {"aws:UserAgent": "one"}
PLAIN = {"Bool": {"aws:SecureTransport": "false"}}
ONE, TWO = ({"StringEquals": {"aws:UserAgent": names}} for names in (["one"], ["one", "two"]))


@pytest.mark.parametrize(
    ("granted", "refused", "state"),
    [
        (PLAIN, PLAIN, State.NO),
        ({"Bool": {"aws:SecureTransport": "true"}}, PLAIN, State.YES),
        (ONE, TWO, State.NO),
        (TWO, ONE, State.YES),
        ({"StringEquals": {"aws:UserAgent": "One"}}, ONE, State.YES),
        ({"StringEqualsIgnoreCase": AGENT}, {"StringEqualsIgnoreCase": {"aws:UserAgent": "ONE"}}, State.NO),
        ({"StringNotEquals": {ORG: "o-1"}}, {"StringNotEquals": {ORG: "o-1"}}, State.NO),
        ({"StringNotEquals": {ORG: ["o-1", "o-2"]}}, {"StringNotEqualsIfExists": {ORG: "o-1"}}, State.NO),
        ({"IpAddress": {FROM: ["8.0.0.0/6"]}}, {"IpAddress": {FROM: ["0.0.0.0/1"]}}, State.NO),
        ({"IpAddress": {FROM: ["0.0.0.0/1"]}}, {"IpAddress": {FROM: ["8.0.0.0/6"]}}, State.YES),
        (PLAIN, {**PLAIN, "StringNotEquals": {ORG: "o-1"}}, State.NO),
        ({"StringLike": {ORG: "*"}}, {"Null": {ORG: "false"}}, State.NO),
        ({"Null": {"aws:Referer": "true"}}, {"StringNotLike": {"aws:Referer": "https://x/*"}}, State.NO),
        ({"StringLike": {"aws:Referer": "*"}}, {"StringNotLike": {"aws:Referer": "https://x/*"}}, State.YES),
        (None, {**PLAIN, "StringNotEquals": {ORG: "o-1"}}, State.YES),
        (None, {"StringNotEquals": {ENDPOINT: "vpce-1"}, "NotIpAddress": {FROM: "203.0.113.0/24"}}, State.NO),
        (None, {"ForAnyValue:StringNotLike": {PATHS: ["o-1/*"]}}, State.YES),
        (None, {"StringNotEquals": {ENDPOINT: "vpce-1"}, "Null": {ENDPOINT: "false"}}, State.YES),
    ],
)
def test_a_refusal_beside_a_grant(granted: object, refused: object, state: State) -> None:
    assert _public(_allow(granted), _deny(refused)) is state


OTHERS = {"StringNotEquals": {ENDPOINT: "vpce-1"}}


@pytest.mark.parametrize(
    ("one", "other", "state"),
    [
        (PLAIN, {"Bool": {"aws:SecureTransport": "true"}}, State.NO),
        ({"Bool": {"aws:ViaAWSService": "true"}}, {"Bool": {"aws:ViaAWSService": "false"}}, State.YES),
        ({"Bool": {"aws:ViaAWSService": "true"}}, {"BoolIfExists": {"aws:ViaAWSService": "false"}}, State.NO),
        ({"Null": {ENDPOINT: "true"}}, {**OTHERS, "Null": {ENDPOINT: "false"}}, State.NO),
        ({"Null": {ENDPOINT: "true"}}, {"Null": {ENDPOINT: "true"}}, State.YES),
        (ONE, {"StringNotEquals": {"aws:UserAgent": "one"}}, State.NO),
        (ONE, {"StringNotEquals": {"aws:UserAgent": "two"}}, State.YES),
        (ONE, {"StringNotEquals": {"aws:UserAgent": "One"}}, State.YES),
        ({**PLAIN, **OTHERS}, {"Bool": {"aws:SecureTransport": "true"}, **OTHERS}, State.NO),
        ({**PLAIN, **ONE}, {"Bool": {"aws:SecureTransport": "true"}}, State.YES),
    ],
)
def test_two_refusals_together(one: object, other: object, state: State) -> None:
    assert _public(_allow(), _deny(one), _deny(other)) is state
    assert _public(_allow(), _deny(other), _deny(one)) is state


@pytest.mark.parametrize(
    ("granted", "spared", "state"),
    [
        (OBJECTS, [OBJECTS], State.YES),
        (OBJECTS, ["arn:aws:s3:::c/*"], State.NO),
        (OBJECTS, [f"{BUCKET}/public/*"], State.YES),
        (f"{BUCKET}/private/*", [f"{BUCKET}/public/*"], State.NO),
        (f"{BUCKET}/p*", [f"{BUCKET}/*c/"], State.YES),
        ([f"{BUCKET}/private/*", f"{BUCKET}/public/a"], [f"{BUCKET}/public/*"], State.YES),
    ],
)
def test_a_refusal_of_all_but_some_resources(granted: object, spared: object, state: State) -> None:
    assert _public(_allow(resource=granted), _deny(resource=None, NotResource=spared)) is state


@pytest.mark.parametrize(
    ("one", "other", "state"),
    [
        (tokens("a*c"), tokens("*bc"), State.YES),
        (tokens("a*c"), tokens("*bd"), State.NO),
        (tokens("a?c"), tokens("a*"), State.YES),
        (tokens("a?"), tokens("abc"), State.NO),
        (tokens("*"), tokens(""), State.YES),
        ((*"a/", Hole("x")), tokens("a/*"), State.YES),
        ((*"a/", Hole("x")), tokens("a/b"), State.UNKNOWN),
        ((*"a/", Hole("x")), tokens("b/*"), State.NO),
        ((Hole("x"),), (Hole("x"),), State.YES),
    ],
)
def test_patterns_meet(one: Pattern, other: Pattern, state: State) -> None:
    assert meets(one, other) is state
    assert meets(other, one) is state
