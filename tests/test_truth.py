"""The laws of Kleene's logic, and what a truth remembers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partywall.truth import NO, YES, State, Truth, all_of, any_of, no, unknown, yes

truths = st.builds(
    lambda state, name, variables: Truth(state, yes(name).reasons, frozenset(variables)),
    st.sampled_from(State),
    st.sampled_from("abc"),
    st.sets(st.sampled_from("xyz")),
)


@given(truths, truths, truths)
def test_laws(a: Truth, b: Truth, c: Truth) -> None:
    assert (a & b).state is (b & a).state
    assert (a | b).state is (b | a).state
    assert (~~a).state is a.state
    assert (~(a & b)).state is (~a | ~b).state
    assert (a & (b | c)).state is ((a & b) | (a & c)).state
    assert (a & (b & c)).state is ((a & b) & c).state
    assert (a | (a & b)).state is a.state


@given(st.lists(truths))
def test_folds_agree_with_pairs(several: list[Truth]) -> None:
    both, either = YES, NO
    for truth in several:
        both, either = both & truth, either | truth
    assert all_of(several).state is both.state
    assert any_of(several).state is either.state


@given(st.lists(truths, min_size=1))
def test_reasons_are_those_of_the_deciding_side(several: list[Truth]) -> None:
    answer = any_of(several)
    deciding = {reason for truth in several if truth.state is answer.state for reason in truth.because}
    assert set(answer.because) <= deciding


def test_a_no_hides_the_unknown_beside_it() -> None:
    answer = unknown("range") & no("port 443")
    assert answer.state is State.NO
    assert [reason.text for reason in answer.because] == ["port 443"]


def test_variables_travel_beside_the_reasons() -> None:
    assert (unknown("a", variables=frozenset("x")) | unknown("b", variables=frozenset("y"))).variables == {"x", "y"}


def test_a_truth_is_no_bool() -> None:
    with pytest.raises(TypeError, match="may be unknown"):
        bool(YES)
