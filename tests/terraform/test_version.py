"""Version constraints, as Terraform reads them."""

from __future__ import annotations

import pytest

from partywall.terraform.version import fits


@pytest.mark.parametrize(
    ("version", "constraint", "answer"),
    [
        ("1.2.3", "1.2.3", True),
        ("1.2", "= 1.2.0", True),
        ("1.2.4", "~> 1.2.3", True),
        ("1.3.0", "~> 1.2.3", False),
        ("1.9", "~> 1.2", True),
        ("2.0.0", "~> 1.2", False),
        ("2.0.0", "~> 1", True),
        ("1.1.0", "~> 1.2", False),
        ("2.5.0", ">= 2.0, < 3.0", True),
        ("3.0.0", ">= 2.0, < 3.0", False),
        ("1.0.0", "!= 1.0.0", False),
        ("1.0.0-rc1", ">= 0.1", False),
        ("1.0.0-rc1", "1.0.0-rc1", True),
        ("1.0.0", "latest", None),
        ("", "1.0.0", None),
    ],
)
def test_a_version_fits_a_constraint(version: str, constraint: str, answer: bool | None) -> None:
    assert fits(version, constraint) is answer
