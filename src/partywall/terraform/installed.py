"""Where the module that a call names lies on disk."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import NamedTuple

from partywall import source
from partywall.source import UnreadableError
from partywall.terraform.files import is_configuration
from partywall.terraform.version import fits

ABSENT = "is not on disk"


class Call(NamedTuple):
    """What a module call says: the directory and the key of the module it stands in, its name, source and version."""

    caller: str
    caller_key: str
    name: str
    source: str | None
    version: str | None

    @property
    def key(self) -> str:
        """The names of the calls that lead to it, which is how the list of installed modules calls it."""
        return f"{self.caller_key}.{self.name}" if self.caller_key else self.name


class NotFoundError(Exception):
    """A module that is not to be had; the message goes on from its name: "is not on disk"."""


class Installed:
    """Local sources by their path, all others by what `terraform init` wrote to `.terraform/modules/modules.json`."""

    def __init__(self, root: str, project: str) -> None:
        self.root, self.project = root, project
        self._listed: Mapping[str, _Entry] | None = None

    def directory(self, call: Call) -> str:
        """The directory of the module that is called; raises NotFoundError where there is none that can be read."""
        if call.source is None:
            raise NotFoundError(ABSENT)
        if is_local(call.source):
            found = os.path.normpath(os.path.join(call.caller, call.source.replace("\\", "/")))
        else:
            found = os.path.normpath(os.path.join(self.root, self._entry(call).directory.replace("\\", "/")))
        if not source.inside(found, self.project):
            raise NotFoundError("lies outside the project")
        if not _has_configuration(found):
            raise NotFoundError(ABSENT if is_local(call.source) else "was installed where nothing is any more,")
        return found

    def _entry(self, call: Call) -> _Entry:
        listed = self._modules().get(call.key)
        if listed is None:
            raise NotFoundError(ABSENT)
        assert call.source is not None
        if not _matches(listed.source, call.source):
            raise NotFoundError(f"was installed from {listed.source}, which its call does not name any more,")
        if call.version is not None and fits(listed.version, call.version) is False:
            raise NotFoundError(f"was installed in version {listed.version}, which its call does not admit any more,")
        return listed

    def _modules(self) -> Mapping[str, _Entry]:
        if self._listed is None:
            self._listed = {}
            path = os.path.join(self.root, ".terraform", "modules", "modules.json")
            if source.is_file(path):
                try:
                    entries = json.loads(source.read(path).text)["Modules"]
                    self._listed = {
                        str(it["Key"]): _Entry(str(it["Source"]), str(it.get("Version", "")), str(it["Dir"]))
                        for it in entries
                    }
                except (UnreadableError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
                    self._listed = {}
        return self._listed


class _Entry(NamedTuple):
    """One line of the list of installed modules."""

    source: str
    version: str
    directory: str


def _has_configuration(directory: str) -> bool:
    return any(is_configuration(name) for name in source.listing(directory))


def is_local(called: str) -> bool:
    """Whether a module source is a path relative to its caller."""
    return called in (".", "..") or called.replace("\\", "/").startswith(("./", "../"))


def _matches(listed: str, called: str) -> bool:
    return listed in (called, f"registry.terraform.io/{called}", f"registry.opentofu.org/{called}")
