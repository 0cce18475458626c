"""The Terraform front end: configuration in, declared resources out.

What evaluates it is imported when something is loaded: where results of earlier runs are kept, nothing is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from partywall.terraform.root_module import callers, is_beside_configuration, roots

if TYPE_CHECKING:
    from partywall.terraform.deployment import load, load_plan
else:

    def __getattr__(name: str) -> Any:
        if name not in ("load", "load_plan"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from partywall.terraform import deployment

        return getattr(deployment, name)


__all__ = ["callers", "is_beside_configuration", "is_plan", "load", "load_plan", "roots"]


def is_plan(path: str) -> bool:
    """Whether a file holds a plan as `terraform show -json` prints it, whatever its name."""
    from partywall.terraform import plan  # Plans are rare, and what reads them is not needed for configuration.

    return plan.is_plan(path)
