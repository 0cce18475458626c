"""One resource as its author declared it, in either dialect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from partywall.immutable import immutable
from partywall.problem import Problem
from partywall.source import NOWHERE, Span
from partywall.truth import Because
from partywall.value import Known, Setting, Unknown, Value

Dialect = Literal["cloudformation", "terraform"]


PIECES = frozenset({"variable", "module", "output", "parameter", "template"})
"""What is declared beside resources, providers aside."""


@immutable(eq=False, guarded=False)
class Declared:
    """A resource or data source with evaluated arguments.

    Nested blocks are lists of maps under the block's name, as if written as attributes.
    `type` is `aws_instance`, `data.aws_ami`, `AWS::EC2::Instance`, and for the pieces around
    resources `provider.aws`, `variable`, `module`, `output` (Terraform) or `parameter`, `output`, `template`
    (CloudFormation).
    `exists` is Known(True) or a choice; `more` says why arguments may exist that are not seen.
    `address` is the full Terraform address or the logical id (`Nested.Logical`). `metadata` holds what
    stands beside the properties (`DeletionPolicy`, `lifecycle`). What a transform makes of a declaration names that
    one's address in `author` and says in `part` what it is to it: "role" (of the function `Worker`). `label` is a name
    for people where the address was made by a machine, and `made` says where in the code that it was told to.
    `former` are the addresses that it had before, as its author says, nearest first.
    """

    dialect: Dialect
    type: str
    address: str
    attributes: Mapping[str, Setting]
    span: Span
    exists: Value[bool] = Known(True)
    more: Unknown[object] | None = None
    metadata: Mapping[str, Setting] = field(default_factory=dict)
    extent: Span = NOWHERE
    author: str = ""
    part: str = ""
    label: str = ""
    made: Because | None = None
    former: tuple[str, ...] = ()

    @property
    def is_resource(self) -> bool:
        """Whether it is a resource or data source, and no piece around them."""
        return self.type not in PIECES and not self.type.startswith("provider.")


@immutable()
class Owner:
    """What the customers say about themselves: accounts by id, and blocks of public addresses that are theirs."""

    accounts: frozenset[str] = frozenset()
    ranges: tuple[str, ...] = ()


@immutable(eq=False)
class Deployment:
    """The smallest set of files that deploys together, read and evaluated.

    `options` gives, for each open variable met, its options in order; `described` the words for one
    option ("var.encrypt is false"). `unseen` lists what the sources name but do not hold (a module
    that is not on disk), and `missing` gives, by address, the types of resources that are referred to and not declared.
    `files` are the display paths that were read. `possible` is false in the worlds that the sources themselves rule
    out: nothing is deployed in them, and nothing is said about them. `account` is the id of the account that is
    deployed to, where somebody said so, and `owner` whose all of it is.
    """

    name: str
    dialect: Dialect
    resources: tuple[Declared, ...]
    files: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    described: Mapping[tuple[str, str], str] = field(default_factory=dict)
    unseen: tuple[Problem, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)
    possible: Value[bool] = Known(True)
    account: str | None = None
    owner: Owner = Owner()
