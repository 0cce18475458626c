"""Values by name, each made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from partywall.value import Setting


class Deferred(Mapping[str, Setting]):
    """The outputs of a module, or the arguments of a provider: known by name, evaluated when read."""

    def __init__(self, names: Callable[[], Collection[str]], make: Callable[[str], Setting]) -> None:
        self._names = names
        self._make = make

    def __getitem__(self, name: str) -> Setting:
        if name not in self._names():
            raise KeyError(name)
        return self._make(name)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._names()))

    def __len__(self) -> int:
        return len(self._names())
