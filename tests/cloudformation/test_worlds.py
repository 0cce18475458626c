"""Verdicts over worlds: the same as deploying with every assignment of the parameters, one by one."""

from __future__ import annotations

import datetime
import itertools
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from partywall import catalog
from partywall.engine import Finding, judge
from tests.cloudformation.reading import load

(RULE,) = (rule for rule in catalog.rules() if rule.id == "ENC101")


def judged(directory: Path, text: str, parameters: Mapping[str, str] | None = None) -> list[Finding]:
    deployment = load(directory, text, parameters)
    judgement = judge(deployment, [RULE], datetime.date(2026, 1, 1))
    assert not judgement.problems
    return list(judgement.findings)


OPEN = "Parameters:\n  Env: {Type: String}\n  Acl: {Type: String, AllowedValues: ['true', 'false', unset]}\n"


def volume(encrypted: str, *, conditions: str = "", rules: str = "", more: str = "") -> str:
    text = OPEN + (f"Conditions:\n{conditions}\n" if conditions else "") + (f"Rules:\n{rules}\n" if rules else "")
    properties = f"Properties: {{Size: 1, Encrypted: {encrypted}}}"
    return f"{text}Resources:\n  V:\n    Type: AWS::EC2::Volume\n    {more}\n    {properties}\n"


@pytest.mark.parametrize(
    ("text", "verdict", "when"),
    [
        # One condition decides, and is named.
        (volume("!If [P, true, false]", conditions="  P: !Equals [!Ref Env, prod]"), "gap", ("condition P is false",)),
        (volume("!If [P, true, true]", conditions="  P: !Equals [!Ref Env, prod]"), "met", ()),
        # The parameter itself decides.
        (volume("!Ref Acl"), "gap", ("Acl is false",)),
        (volume("!Ref Env"), "unknown", ()),
        # Two comparisons with one parameter cannot both hold.
        (
            volume(
                "!If [A, !If [B, false, true], true]",
                conditions="  A: !Equals [!Ref Env, a]\n  B: !Equals [b, !Ref Env]",
            ),
            "met",
            (),
        ),
        # Outside of the allowed values there is nothing.
        (volume("!If [A, true, false]", conditions="  A: !Not [!Equals [!Ref Acl, other]]"), "met", ()),
        # The condition of the resource and that of its property are one formula.
        (
            volume("!If [P, true, false]", conditions="  P: !Equals [!Ref Env, prod]", more="Condition: P"),
            "met",
            (),
        ),
        (
            volume("false", conditions="  P: !Equals [!Ref Env, prod]", more="Condition: P"),
            "gap",
            ("condition P is true",),
        ),
        # What exists in no world has no verdict.
        (volume("false", conditions="  P: !Equals [a, b]", more="Condition: P"), None, ()),
        # A world that an assertion excludes says nothing.
        (
            volume("!Ref Acl", rules="  R: {Assertions: [{Assert: !Not [!Equals [!Ref Acl, 'false']]}]}"),
            "unknown",
            (),
        ),
        (
            volume("!Ref Acl", rules="  R: {Assertions: [{Assert: {Fn::Contains: [['true'], !Ref Acl]}}]}"),
            "met",
            (),
        ),
        (
            volume(
                "!If [P, !Ref Acl, true]",
                conditions="  P: !Equals [!Ref Env, prod]",
                rules="  R:\n    RuleCondition: !Equals [!Ref Env, prod]\n"
                "    Assertions: [{Assert: !Equals [!Ref Acl, 'true']}]",
            ),
            "met",
            (),
        ),
        (
            volume(
                "!Ref Acl",
                rules="  R: {Assertions: [{Assert: {Fn::EachMemberIn: [[x], {Fn::RefAll: 'AWS::EC2::VPC::Id'}]}}]}",
            ),
            "gap",
            ("Acl is false",),
        ),
        # What cannot be expressed is open itself, and the same in both places.
        (
            volume(
                "!If [A, !If [B, true, false], true]",
                conditions="  A: !Equals [!Ref Env, !Ref Acl]\n  B: !Equals [!Ref Acl, !Ref Env]",
            ),
            "met",
            (),
        ),
        (
            volume("!If [A, true, false]", conditions="  A: !Equals [!Ref AWS::StackName, !Ref AWS::StackId]"),
            "gap",
            ("condition A is false",),
        ),
        (volume("!If [A, true, false]", conditions="  A: !Condition A"), "gap", ("condition A is false",)),
        # Regions are compared, too.
        (
            volume("!If [A, true, false]", conditions="  A: !Equals [!Ref AWS::Region, eu-west-1]"),
            "gap",
            ("condition A is false",),
        ),
        # Both sides the same, and texts that cannot be equal.
        (volume("!If [A, true, false]", conditions="  A: !Equals [!Ref Env, !Ref Env]"), "met", ()),
        (volume("!If [A, false, true]", conditions="  A: !Equals [!Sub 'x-${Env}', y]"), "met", ()),
        (volume("!If [A, false, true]", conditions="  A: !Equals [TRUE, 'TRUE']"), "met", ()),
    ],
)
def test_verdict(text: str, verdict: str | None, when: tuple[str, ...], tmp_path: Path) -> None:
    found = judged(tmp_path, text)
    assert [(it.verdict, it.when) for it in found] == ([] if verdict is None else [(verdict, when)])


def test_a_chain_of_conditions_may_be_long(tmp_path: Path) -> None:
    chain = "".join(f"  C{at}: !Not [!Condition C{at + 1}]\n" for at in range(1500))
    (found,) = judged(tmp_path, volume("!If [C0, true, false]", conditions=f"{chain}  C1500: !Equals [a, a]"))
    assert found.verdict == "met"


PARAMETERS: tuple[dict[str, Any], ...] = (
    {"Type": "String"},
    {"Type": "String", "AllowedValues": ["true", "false"]},
    {"Type": "String", "AllowedValues": ["a", "b", "true"]},
    {"Type": "String", "Default": "a"},
    {"Type": "String", "AllowedValues": ["b"]},
)
_names = st.sampled_from(["A", "B"])
_literals = st.sampled_from(["a", "b", "true"])
_atoms = st.one_of(
    st.builds(lambda name, text: {"Fn::Equals": [{"Ref": name}, text]}, _names, _literals),
    st.builds(lambda name, text: {"Fn::Equals": [text, {"Ref": name}]}, _names, _literals),
)
_formulas = st.recursive(
    _atoms,
    lambda inner: st.one_of(
        st.builds(lambda one: {"Fn::Not": [one]}, inner),
        st.builds(lambda *both: {"Fn::And": list(both)}, inner, inner),
        st.builds(lambda *both: {"Fn::Or": list(both)}, inner, inner),
    ),
    max_leaves=4,
)
_values = st.recursive(
    st.one_of(st.booleans(), st.builds(lambda name: {"Ref": name}, _names), st.just({"Ref": "AWS::NoValue"})),
    lambda inner: st.builds(lambda name, *arms: {"Fn::If": [name, *arms]}, st.sampled_from(["C", "D"]), inner, inner),
    max_leaves=4,
)


def _equals(name: str, text: str) -> dict[str, Any]:
    return {"Fn::Equals": [{"Ref": name}, text]}


NOT_ENCRYPTED = {"Fn::If": ["C", False, True]}
ANY = PARAMETERS[0]


# A rule that leaves one world, and one that leaves none although no single parameter shows it.
@example(ANY, ANY, {"Fn::Not": [_equals("B", "b")]}, _equals("A", "a"), NOT_ENCRYPTED, None,
         {"Fn::And": [_equals("A", "a"), _equals("B", "b")]})  # fmt: skip
@example(ANY, ANY, _equals("A", "a"), _equals("A", "a"), NOT_ENCRYPTED, None,
         {"Fn::And": [_equals("B", "a"), {"Fn::And": [_equals("A", "a"), _equals("B", "b")]}]})  # fmt: skip
@settings(max_examples=150, deadline=None)
@given(
    first=st.sampled_from(PARAMETERS),
    second=st.sampled_from(PARAMETERS),
    one=_formulas,
    other=_formulas,
    encrypted=_values,
    exists=st.sampled_from([None, "C", "D"]),
    asserted=st.none() | _formulas,
)
def test_the_engine_agrees_with_brute_force(
    first: dict[str, Any],
    second: dict[str, Any],
    one: dict[str, Any],
    other: dict[str, Any],
    encrypted: object,
    exists: str | None,
    asserted: dict[str, Any] | None,
) -> None:
    template: dict[str, Any] = {
        "Parameters": {"A": first, "B": second},
        "Conditions": {"C": one, "D": {"Fn::Or": [other, {"Condition": "C"}]}},
        "Resources": {"V": {"Type": "AWS::EC2::Volume", "Properties": {"Size": 1, "Encrypted": encrypted}}},
    }
    if exists:
        template["Resources"]["V"]["Condition"] = exists
    text = json.dumps(template)
    if asserted is not None:
        template["Rules"] = {"R": {"Assertions": [{"Assert": asserted}]}}
    with tempfile.TemporaryDirectory() as directory:
        found = judged(Path(directory), json.dumps(template))
        assignments = [
            dict(zip("AB", values, strict=True)) for values in itertools.product(*map(_options, (first, second)))
        ]
        possible = [it for it in assignments if asserted is None or _holds(asserted, it)]
        verdicts = {
            found.verdict
            for assignment in possible or assignments
            for found in judged(Path(directory), text, assignment)
        }
    wanted = next((it for it in ("gap", "unknown", "met") if it in verdicts), None)
    assert [it.verdict for it in found] == ([] if wanted is None else [wanted])


def _options(parameter: dict[str, Any]) -> list[str]:
    if "Default" in parameter:
        return [parameter["Default"]]
    return list(parameter.get("AllowedValues", ["a", "b", "true", "something else"]))


def _holds(formula: dict[str, Any], assignment: Mapping[str, str]) -> bool:
    ((name, operands),) = formula.items()
    if name == "Fn::Equals":
        left, right = (assignment[it["Ref"]] if isinstance(it, dict) else it for it in operands)
        return bool(left == right)
    truths = [_holds(it, assignment) for it in operands]
    return not truths[0] if name == "Fn::Not" else all(truths) if name == "Fn::And" else any(truths)
