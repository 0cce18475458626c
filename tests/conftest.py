"""What every test can count on."""

from __future__ import annotations

from pathlib import Path

import hypothesis
import pytest

# How long one example takes depends on what else the machine does, and says nothing about us.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the checkout."""
    return ROOT


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Results are kept for one test only."""
    monkeypatch.setenv("PARTYWALL_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
