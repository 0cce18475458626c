"""Inputs made to take long, each the smallest of its kind that a careless algorithm does not survive."""

from tests.hostile.inputs import calls, cloudformation, files, marks, networks, policies, terraform
from tests.hostile.inputs.making import INPUTS

__all__ = ["INPUTS", "calls", "cloudformation", "files", "marks", "networks", "policies", "terraform"]
