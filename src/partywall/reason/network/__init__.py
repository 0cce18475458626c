"""Who can reach whom over the network, and whether the answer finds its way back.

The parts are imported when they are first used, so that what has no network costs nothing.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partywall.reason.network import addressing, balancing, exposure, guarding, network_acl, pivot, reply, routing

PARTS = ("addressing", "balancing", "exposure", "guarding", "network_acl", "pivot", "reply", "routing")

__all__ = ["addressing", "balancing", "exposure", "guarding", "network_acl", "pivot", "reply", "routing"]


def __getattr__(name: str) -> ModuleType:
    if name not in PARTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return importlib.import_module(f"{__name__}.{name}")
