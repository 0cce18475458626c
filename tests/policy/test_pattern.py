"""Whether one resource pattern covers another."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partywall.reason.policy.action import glob
from partywall.reason.policy.pattern import Hole, Pattern, contains, covers, tokens
from partywall.reason.policy.statement import is_wide
from partywall.truth import State


@pytest.mark.parametrize(
    ("outer", "inner", "answer"),
    [
        ("*", "anything", True),
        ("a*", "a?b*", True),
        ("*b", "b*", False),
        ("a*b*c", "abc", True),
        ("a*b*c", "a*c", False),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b", False),
        ("arn:aws:s3:::b*", "arn:aws:s3:::b/*", True),
        ("??*", "?*?", True),
        ("?", "*", False),
        ("${*}", "*", False),
        ("*", "${aws:username}", True),
        ("arn:aws-cn:s3:::b/*", "arn:aws:s3:::b/c", True),
        ("arn:aws:s3:::b*", "arn:aws-us-gov:s3:::b", True),
    ],
)
def test_contains(outer: str, inner: str, answer: bool) -> None:
    assert contains(tokens(outer), tokens(inner)) is answer


WORDS = ["".join(word) for length in range(6) for word in itertools.product("ab", repeat=length)]


@settings(deadline=None)
@given(st.text("ab*?", max_size=5), st.text("ab*?", max_size=4))
def test_contains_agrees_with_all_short_words(outer: str, inner: str) -> None:
    """Over two letters; a third that neither names could only tell apart what `?` and `*` of the inner match."""
    one, other = re.compile(glob(outer)).fullmatch, re.compile(glob(inner)).fullmatch
    words = [*WORDS, *(word.replace("b", "c", 1) for word in WORDS if "b" in word)]
    if contains(tokens(outer), tokens(inner)):
        assert all(one(word) for word in words if other(word))
    elif all(one(word) for word in words if other(word)):
        longer = ["".join(word) for length in (6, 7, 8) for word in itertools.product("abc", repeat=length)]
        assert not all(one(word) for word in longer if other(word))


BUCKET: Pattern = (*"arn:aws:s3:::", Hole("b"))


@pytest.mark.parametrize(
    ("outer", "inner", "answer"),
    [
        ((*BUCKET, *tokens("/*")), (*BUCKET, *tokens("/*")), State.YES),
        (BUCKET, (*BUCKET, *tokens("/*")), State.NO),
        (tokens("arn:aws:s3:::*"), (*BUCKET, *tokens("/*")), State.YES),
        (tokens("arn:aws:s3:::b/*"), (*BUCKET, *tokens("/*")), State.UNKNOWN),
        ((*BUCKET, *tokens("/*")), tokens("arn:aws:s3:::b/*"), State.UNKNOWN),
        (tokens("arn:aws:sqs:*:*:b"), (*BUCKET, *tokens("/*")), State.NO),
    ],
)
def test_an_unknown_piece_is_itself_and_may_be_anything(outer: Pattern, inner: Pattern, answer: State) -> None:
    assert covers(outer, inner) is answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("*", True),
        ("arn:aws:iam::*:role/*", True),
        ("arn:aws:iam::123456789012:*", True),
        ("arn:aws:lambda:*:*:function:*", True),
        ("arn:aws:iam::123456789012:role/app/*", False),
        ("arn:aws:iam::123456789012:role/app-*", False),
        ("arn:aws:s3:::bucket/*", False),
    ],
)
def test_wide(text: str, answer: bool) -> None:
    assert is_wide(tokens(text)) is answer
