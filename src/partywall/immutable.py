"""Immutable records: cheap to make, and cheap to declare."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from typing import Any, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def immutable(*, eq: bool = True, slots: bool = True, guarded: bool = True) -> Callable[[type[T]], type[T]]:
    """A frozen dataclass with slots, which compares by its fields where `eq` is on.

    The standard library compiles six methods for each, which for a hundred classes is a third of a start; here a method
    is compiled when it is first called. `guarded` refuses assignments at run time, as `frozen=True` does. Without it
    only type checkers do, and a record is made four times faster: of values and reasons a run makes a million.
    """

    def declared(cls: type[T]) -> type[T]:
        record = dataclass(init=False, repr=False, eq=False, slots=slots)(cls)
        known = fields(record)  # type: ignore[arg-type]
        methods: dict[str, Any] = {"__repr__": _repr, "__reduce__": _reduced}
        methods["__init__"] = _compiled(record, "__init__", _init(known, guarded=guarded), _defaults(known))
        if eq:
            told = [one.name for one in known if (one.compare if one.hash is None else one.hash)]
            same = [one.name for one in known if one.compare]
            methods["__hash__"] = _compiled(record, "__hash__", _hash(told))
            methods["__eq__"] = _compiled(record, "__eq__", _eq(same))
        if guarded:
            methods["__setattr__"] = methods["__delattr__"] = _refused
        for name, method in methods.items():
            if name not in cls.__dict__:
                setattr(record, name, method)
        return record

    return declared


def _compiled(record: type, name: str, source: str, given: dict[str, Any] | None = None) -> Callable[..., Any]:
    """A method that is compiled when it is first called, and then stands in its own place."""

    def first(self: Any, *arguments: Any, **named: Any) -> Any:
        names = dict(given or {})
        exec(source, names)  # noqa: S102 - made of the names of our own fields
        setattr(record, name, names[name])
        return names[name](self, *arguments, **named)

    return first


def _init(known: Sequence[Field[Any]], *, guarded: bool) -> str:
    parameters, body = ["self"], []
    for one in known:
        name = value = one.name
        if one.default is not MISSING:
            parameters.append(f"{name}=_{name}")
        elif one.default_factory is not MISSING:
            parameters.append(f"{name}=_absent")
            value = f"_{name}() if {name} is _absent else {name}"
        else:
            parameters.append(name)
        body.append(f" _set(self, {name!r}, {value})" if guarded else f" self.{name} = {value}")
    return "\n".join((f"def __init__({', '.join(parameters)}):", *body, " pass"))


def _defaults(known: Sequence[Field[Any]]) -> dict[str, Any]:
    values = {f"_{one.name}": one.default for one in known if one.default is not MISSING}
    factories = {f"_{one.name}": one.default_factory for one in known if one.default_factory is not MISSING}
    return {"_set": object.__setattr__, "_absent": MISSING, **values, **factories}


def _eq(names: Sequence[str]) -> str:
    same = f"{_parts('self', names)} == {_parts('other', names)}"
    return f"def __eq__(self, other): return {same} if other.__class__ is self.__class__ else NotImplemented"


def _hash(names: Sequence[str]) -> str:
    return f"def __hash__(self): return hash({_parts('self', names)})"


def _parts(record: str, names: Sequence[str]) -> str:
    return f"({''.join(f'{record}.{name}, ' for name in names)})"


def _repr(self: Any) -> str:
    return f"{type(self).__qualname__}({', '.join(_pairs(self))})"


def _pairs(record: Any) -> Iterator[str]:
    return (f"{one.name}={getattr(record, one.name)!r}" for one in fields(record) if one.repr)


def _reduced(self: Any) -> tuple[Any, ...]:
    """Copies, and what goes to another process, are made anew."""
    return type(self), tuple(getattr(self, one.name) for one in fields(self))


def _refused(self: Any, name: str, *_: object) -> NoReturn:
    raise FrozenInstanceError(f"{name} of a {type(self).__name__} stays as it is")
