"""Where the module that a call names lies on disk."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping

from partywall import source
from partywall.source import UnreadableError
from partywall.terraform.files import is_configuration


class Installed:
    """Local sources by their path, all others by what `terraform init` wrote to `.terraform/modules/modules.json`."""

    def __init__(self, root: str, project: str) -> None:
        self.root, self.project = root, project
        self._listed: Mapping[str, tuple[str, str]] | None = None

    def directory(self, caller: str, caller_key: str, name: str, called: str | None) -> str | None:
        """The directory of a module called by its source; None where it is not on disk or lies outside the project."""
        if called is None:
            return None
        if is_local(called):
            found = os.path.normpath(os.path.join(caller, called.replace("\\", "/")))
        else:
            key = f"{caller_key}.{name}" if caller_key else name
            listed = self._modules().get(key)
            if listed is None or not _matches(listed[0], called):
                return None
            found = os.path.normpath(os.path.join(self.root, listed[1].replace("\\", "/")))
        return found if source.inside(found, self.project) and _has_configuration(found) else None

    def _modules(self) -> Mapping[str, tuple[str, str]]:
        if self._listed is None:
            self._listed = {}
            path = os.path.join(self.root, ".terraform", "modules", "modules.json")
            if source.is_file(path):
                try:
                    entries = json.loads(source.read(path).text)["Modules"]
                    self._listed = {str(it["Key"]): (str(it["Source"]), str(it["Dir"])) for it in entries}
                except (UnreadableError, ValueError, KeyError, TypeError, RecursionError):
                    self._listed = {}
        return self._listed


def _has_configuration(directory: str) -> bool:
    return any(is_configuration(name) for name in source.listing(directory))


def is_local(called: str) -> bool:
    """Whether a module source is a path relative to its caller."""
    return called in (".", "..") or called.replace("\\", "/").startswith(("./", "../"))


def _matches(listed: str, called: str) -> bool:
    return listed in (called, f"registry.terraform.io/{called}", f"registry.opentofu.org/{called}")
