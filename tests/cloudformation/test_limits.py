"""What a parameter without a value cannot be: numbers beyond its bounds, and texts that it does not admit."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from partywall import catalog
from partywall.cloudformation.allowed_pattern import admits_nothing
from partywall.engine import judge
from partywall.limit import Range
from partywall.truth import State, Truth
from partywall.value import Value, convert, fits
from tests.cloudformation.reading import load, messages, resource, told


def number(declared: str, directory: Path) -> Value[int]:
    text = f"Parameters:\n  P: {declared}\nResources:\n  It: {{Type: 'A::B::C', Properties: {{P: !Ref P}}}}\n"
    deployment = load(directory, text)
    assert messages(deployment) == []
    return convert(resource(deployment, "It").attributes["P"], lambda it: int(str(it)), "a number")


@pytest.mark.parametrize(
    ("declared", "claim", "state", "said"),
    [
        ("{Type: Number, MinValue: 7}", Range(7), State.YES, "it is at least 7"),
        ("{Type: Number, MinValue: '7'}", Range(6), State.YES, "it is at least 7"),
        ("{Type: Number, MinValue: 7}", Range(8), State.UNKNOWN, "it is unknown: parameter P has no default"),
        ("{Type: Number, MinValue: 7}", Range(most=6), State.NO, "it is at least 7"),
        ("{Type: Number, MaxValue: 6.5}", Range(7), State.NO, "it is at most 6.5"),
        ("{Type: Number, MinValue: 1, MaxValue: 6}", Range(most=6), State.YES, "it is between 1 and 6"),
        ("{Type: Number, MinValue: 1, MaxValue: 6}", Range(2, 5), State.UNKNOWN, "it is unknown: parameter P has no d"),
        ("{Type: Number}", Range(0), State.UNKNOWN, "it is unknown: parameter P has no default"),
        ("{Type: Number, MinValue: much}", Range(0), State.UNKNOWN, "it is unknown: parameter P has no default"),
        ("{Type: String, MinValue: 7}", Range(0), State.UNKNOWN, "it is unknown: parameter P has no default"),
        ("{Type: Number, MinValue: 7, Default: 3}", Range(7), State.NO, "it is 3"),
    ],
)
def test_the_bounds_of_a_number(declared: str, claim: Range, state: State, said: str, tmp_path: Path) -> None:
    truth: Truth = fits(number(declared, tmp_path), "it", claim)
    assert truth.state is state
    assert truth.because[0].text.startswith(said)


@pytest.mark.parametrize(
    ("declared", "literal", "holds"),
    [
        ("{Type: String}", "''", {"by P": {"": True, "anything else": False}}),
        ("{Type: String, MinLength: 1}", "''", False),
        ("{Type: String, MinLength: 8}", "short", False),
        ("{Type: String, MaxLength: 3}", "longer", False),
        ("{Type: String, AllowedPattern: '[a-z]+'}", "''", False),
        ("{Type: String, AllowedPattern: '[a-z]*'}", "''", {"by P": {"": True, "anything else": False}}),
        ("{Type: 'AWS::EC2::KeyPair::KeyName'}", "''", False),
        ("{Type: Number}", "none", False),
        ("{Type: Number, MinValue: 1024}", "22", False),
        ("{Type: Number, MinValue: 1}", "22", {"by P": {"22": True, "anything else": False}}),
    ],
)
def test_a_comparison_with_what_cannot_be_is_decided(
    declared: str, literal: str, holds: object, tmp_path: Path
) -> None:
    text = (
        f"Parameters:\n  P: {declared}\nConditions:\n  Is: !Equals [!Ref P, {literal}]\n"
        "Resources:\n  It:\n    Type: A::B::C\n    Condition: Is\n"
    )
    assert told(resource(load(tmp_path, text), "It").exists) == holds


@pytest.mark.parametrize(
    ("pattern", "empty"),
    [
        ("", True),
        ("[a-z]+", False),
        ("[a-z]*", True),
        ("^$|^[a-z0-9]{3}$", True),
        ("^(?=^.{3,63}$)(?!.*[.-]{2})[a-z]{1,2}$", False),
        (r"\d{12}", False),
        (r"\d{0,12}", True),
        ("(a|b?)", True),
        ("(a|b)c*", False),
        (r"\*", False),
        (r"[]*]", False),
        ("(?:(?:|))", True),
        ("[a&&[b]]*", True),
        (r"\Q\E", True),
        ("(?i)[a-z]*", True),
        (r"\p{L}*", True),
        (r"[\p{L}]+", False),
        (r"(a*)\1", True),
        (r"\u0041?", True),
        (r"a\.b\w*", False),
        ("(", True),
        ("a{2}", False),
        ("(a{2})?", True),
    ],
)
def test_whether_a_pattern_admits_nothing(pattern: str, empty: bool) -> None:
    assert admits_nothing(pattern) is empty


def test_a_pattern_that_would_take_forever_is_read_at_once() -> None:
    assert not admits_nothing("(?:|)" * 5000 + "(a+)+b")
    assert admits_nothing("(" * 5000 + ")" * 5000)


DATABASE = """\
Parameters:
  Days: {Type: Number, MinValue: 7, MaxValue: 35}
Resources:
  Db:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: mysql
      BackupRetentionPeriod: !Ref Days
"""

GROUP = """\
Parameters:
  Port: {Type: Number, MinValue: 8000, MaxValue: 8100}
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: of the web
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: !Ref Port, ToPort: !Ref Port, CidrIp: 0.0.0.0/0}
"""


@pytest.mark.parametrize(
    ("rule", "template", "verdict"),
    [
        ("DAT201", DATABASE, "met"),
        ("DAT201", DATABASE.replace("MinValue: 7", "MinValue: 5"), "unknown"),
        ("DAT201", DATABASE.replace("MinValue: 7, MaxValue: 35", "MinValue: 1, MaxValue: 5"), "gap"),
        ("NET101", GROUP, "met"),
        ("NET101", GROUP.replace("8000", "5000"), "unknown"),
    ],
)
def test_rules_hold_against_the_bounds(rule: str, template: str, verdict: str, tmp_path: Path) -> None:
    (asked,) = (it for it in catalog.rules() if it.id == rule)
    (found,) = judge(load(tmp_path, template), [asked], datetime.date(2026, 1, 1)).findings
    assert found.verdict == verdict
