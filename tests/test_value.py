"""Values that are known, unknown or a choice."""

from __future__ import annotations

import pytest

from partywall.choice import combined
from partywall.source import Span
from partywall.truth import State
from partywall.value import (
    Choice,
    Known,
    Reference,
    Setting,
    Unknown,
    convert,
    each,
    fits,
    plain,
    references,
    same_text,
    settle,
    shown,
)

HERE = Span("a.tf", 1, 2, 1, 5)


def test_a_choice_is_decided_when_all_arms_agree() -> None:
    value = Choice("Env", (("prod", Known(1)), ("dev", Known(2))))
    assert fits(value, "size", lambda it: it > 0).state is State.YES
    assert fits(value, "size", lambda it: it > 1).state is State.UNKNOWN
    assert fits(value, "size", lambda it: it > 1).variables == {"Env"}
    assert fits(settle(value, {"Env": "dev"}), "size", lambda it: it > 1).state is State.YES


def test_conversion_keeps_place_and_references() -> None:
    value: Setting = Known("22", HERE, (Reference("aws_x.y"),))
    assert convert(value, lambda it: int(str(it)), "a number") == Known(22, HERE, (Reference("aws_x.y"),))
    assert isinstance(convert(value, lambda _: None, "a map"), Unknown)


def test_plain_leaves_holes_where_nothing_is_known() -> None:
    value: Setting = Known({"a": Known((Known(1), Unknown("later")))})
    assert plain(value) == {"a": [1, None]}


def test_references_are_found_at_any_depth() -> None:
    deep: Setting = Known({"a": Known((Choice("x", (("true", Unknown("later", references=(Reference("r.a"),))),)),))})
    assert list(references(deep)) == [Reference("r.a")]


def test_text_is_shown_with_its_holes() -> None:
    assert shown(Unknown("later", parts=("arn:", None, "/x"))) == '"arn:${…}/x"'


def test_what_options_share_is_asked_once() -> None:
    wide: Setting = Known("0.0.0.0/0", HERE)
    value = combined("Env", (("dev", wide), ("prod", Known("10.0.0.0/8")), ("test", Known("0.0.0.0/0"))), HERE)
    assert isinstance(value, Choice)
    asked: list[Setting] = []

    def ask(arm: Setting) -> int:
        asked.append(arm)
        return len(asked)

    assert each(value, ask) == (("dev", 1), ("prod", 2), ("test", 1))
    assert asked == [wide, Known("10.0.0.0/8")]


def test_equal_values_need_no_choice_and_unknown_ones_are_not_equal() -> None:
    nested = combined("A", (("x", Known((Known(1),))), ("y", Known((Known(1, HERE),)))), HERE)
    assert isinstance(nested, Known)
    assert isinstance(combined("A", (("x", Known(1)), ("y", Known(True))), HERE), Choice)
    assert isinstance(combined("A", (("x", Unknown("later")), ("y", Unknown("later"))), HERE), Choice)


def test_arms_that_agree_at_one_place_are_told_once() -> None:
    here, there = Span("a.yaml", 1, 1, 1, 2), Span("a.yaml", 2, 1, 2, 2)
    arms = (("aws", Known("x", here)), ("aws-cn", Known("xx", here)), ("else", Known("xxx", there)))
    truth = fits(Choice("AWS::Partition", arms), "`Name`", lambda it: it.startswith("x"))
    assert [it.text for it in truth.because] == ['`Name` is "x"', '`Name` is "xxx"']


ONE, TWO = Reference("Parameters.A"), Reference("Parameters.B")


@pytest.mark.parametrize(
    ("parts", "references", "other", "answer"),
    [
        ((None, "-logs"), (ONE,), Unknown("", parts=(None, "-logs"), references=(ONE,)), True),
        ((None, "-", "logs"), (ONE,), Unknown("", parts=(None, "-logs"), references=(ONE,)), True),
        ((None, "-logs"), (ONE,), Unknown("", parts=(None, "-data"), references=(ONE,)), False),
        ((None, "-logs"), (ONE,), Unknown("", parts=(None, "-log"), references=(ONE,)), False),
        (("a", None, "bb"), (ONE,), Unknown("", parts=("aa", None, "b"), references=(ONE,)), None),
        ((None, "-logs"), (ONE,), Unknown("", parts=(None, "-logs"), references=(TWO,)), None),
        ((None, "-logs"), (ONE,), Unknown("", references=(ONE,)), None),
        ((None, "-logs"), (ONE,), Known("my-logs"), None),
        ((None, "-logs"), (ONE,), Known("my-data"), False),
        ((None, "-", None), (ONE,), Unknown("", parts=(None, "-", None), references=(ONE,)), None),
    ],
)
def test_partly_known_texts_are_compared_by_what_fills_them(
    parts: tuple[str | None, ...], references: tuple[Reference, ...], other: Setting, answer: bool | None
) -> None:
    assert same_text(Unknown("", parts=parts, references=references), other) is answer
