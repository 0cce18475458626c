"""The garbage collector rests while a deployment is read, and is afterwards what it was before."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from partywall import collector


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    collecting = gc.isenabled()
    yield
    (gc.enable if collecting else gc.disable)()


@pytest.mark.parametrize("collecting", [True, False])
def test_it_is_off_inside_and_restored_outside(collecting: bool) -> None:
    (gc.enable if collecting else gc.disable)()
    with collector.paused():
        assert not gc.isenabled()
    assert gc.isenabled() is collecting


def test_it_is_restored_after_an_error() -> None:
    gc.enable()
    with pytest.raises(ZeroDivisionError), collector.paused():
        raise ZeroDivisionError
    assert gc.isenabled()
