"""The values of parameters and pseudo parameters."""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import replace

from partywall.choice import named_by_text
from partywall.cloudformation.allowed_pattern import admits_nothing
from partywall.cloudformation.domain import ELSE, Domains
from partywall.cloudformation.evaluation import Evaluation, items, printed, word
from partywall.limit import Limits, Range, decimal
from partywall.problem import Problem
from partywall.text.node import Mapping, Node
from partywall.truth import Because
from partywall.value import Choice, Known, Reference, Setting, Unknown, each, marked

_PSEUDO = {
    "AWS::Region": "AWS::Region is not given",
    "AWS::AccountId": "AWS::AccountId is not given",
    "AWS::StackName": "the name of the stack is given at deployment",
    "AWS::StackId": "the id of the stack is made at deployment",
    "AWS::NotificationARNs": "the notification topics of the stack are given at deployment",
}
_SUFFIXES = {"aws": "amazonaws.com", "aws-cn": "amazonaws.com.cn", "aws-us-gov": "amazonaws.com"}


class Parameters:
    """Parameters by name. A given value counts first, then the default, then the values allowed."""

    def __init__(
        self,
        section: Node | None,
        given: Table[str, Setting],
        pseudo: Table[str, str],
        domains: Domains,
        scope: Evaluation,
    ) -> None:
        self.section = section if isinstance(section, Mapping) else None
        self.given, self.pseudo, self.domains, self.scope = given, pseudo, domains, scope
        self._values: dict[str, Setting] = {}

    def value(self, name: str) -> Setting | None:
        """What `Ref` gives for a parameter or pseudo parameter; None for any other name."""
        found = self._values.get(name)
        if found is None:
            made = self._pseudo(name) if name.startswith("AWS::") else self._declared(name)
            if made is None:
                return None
            found = self._values[name] = made
        return found

    def cases(self, name: str) -> Setting | None:
        """The value as conditions see it: a pseudo parameter that is not given is a choice too."""
        value = self.value(name)
        return self._split(name, value) if isinstance(value, Unknown) else value

    def entry(self, name: str) -> Mapping | None:
        """The declaration of a parameter."""
        node = self.section.get(name) if self.section is not None else None
        return node if isinstance(node, Mapping) else None

    def _pseudo(self, name: str) -> Setting | None:
        if name in self.pseudo:
            return Known(self.pseudo[name])
        if name in ("AWS::Partition", "AWS::URLSuffix"):
            return self._partition(suffix=name == "AWS::URLSuffix")
        why = _PSEUDO.get(name)
        return None if why is None else Unknown(why, references=(Reference(name),))

    def _partition(self, *, suffix: bool) -> Setting:
        region = self.pseudo.get("AWS::Region")
        if region:
            found = next((it for it in ("cn", "us-gov") if region.startswith(f"{it}-")), "")
            partition = f"aws-{found}".rstrip("-")
            return Known(_SUFFIXES[partition] if suffix else partition)
        arms = tuple((name, Known(tail if suffix else name)) for name, tail in _SUFFIXES.items())
        return Choice("AWS::Partition", arms, references=(Reference("AWS::Partition"),))

    def _declared(self, name: str) -> Setting | None:
        entry = self.entry(name)
        if entry is None:
            return None
        kind = word(entry.get("Type")) or "String"
        default = entry.get("Default")
        hidden = word(entry.get("NoEcho")) == "true"
        written = entry.get("AllowedValues")
        allowed = [item for item in items(written) if word(item) is not None] if written is not None else []
        given = self.given.get(name)
        if given is None and default is not None:
            text = word(default)
            if text is None:
                given = self.scope.note(default.span, f"the default of parameter {name} is no text")
            else:
                given = Known(text, default.span, origin=(Because(f"the default of parameter {name}", default.span),))
        if kind.startswith("AWS::SSM::Parameter::Value"):
            named = f" {printed(given.it)}" if isinstance(given, Known) and not hidden else ""
            value: Unknown[object] = Unknown(
                f"SSM parameter{named} is read at deployment", entry.span, self.scope.mention(name), sensitive=hidden
            )
            return value if _is_list(kind) else self._split(name, value)
        if given is not None:
            typed = _typed(marked(given) if hidden else given, kind)
            self._check(name, typed, {word(item) for item in allowed}, entry)
            return typed
        if allowed:
            said = f"an allowed value of parameter {name}"
            options = {
                word(item) or "": _typed(
                    Known(word(item), item.span, origin=(Because(said, item.span),), sensitive=hidden), kind
                )
                for item in reversed(allowed)
            }
            arms = named_by_text(reversed(options.items()))
            return (
                arms[0][1]
                if len(arms) == 1
                else Choice(self._variable(name), arms, entry.span, self.scope.mention(name))
            )
        why, limits = f"parameter {name} has no default", None if _is_list(kind) else _limits(entry, kind)
        value = Unknown(why, entry.span, self.scope.mention(name), sensitive=hidden, limits=limits)
        return value if _is_list(kind) else self._split(name, value)

    def _variable(self, name: str) -> str:
        return name if name.startswith("AWS::") else self.scope.prefix + name

    def _split(self, name: str, value: Unknown[object]) -> Setting:
        """An open parameter as a choice of what the template compares it with."""
        domain = self.domains.of(name)
        texts = tuple(text for text in domain.texts if value.may_be(text))
        if not texts:
            return value
        place = (value.span, value.references)
        arms = named_by_text((text, Known(text, *place, sensitive=value.sensitive)) for text in texts)
        if domain.others:
            limits = value.limits or Limits()
            arms = (*arms, (ELSE, replace(value, limits=replace(limits, excluded=(*limits.excluded, *texts)))))
        return arms[0][1] if len(arms) == 1 else Choice(self._variable(name), arms, *place)

    def _check(self, name: str, value: Setting, allowed: set[str | None], entry: Mapping) -> None:
        """A value outside `AllowedValues` cannot be deployed."""
        parts = value.it if isinstance(value, Known) and isinstance(value.it, tuple) else (value,)
        for part in parts if allowed else ():
            if isinstance(part, Known) and printed(part.it) not in allowed:
                span = part.span if part.span.line else entry.span
                told = "what it is given" if part.sensitive else repr(printed(part.it))
                message = f"parameter {name} cannot be {told}: that is none of its allowed values"
                self.scope.problems.append(Problem(span, "error", message))


def _limits(entry: Mapping, kind: str) -> Limits | None:
    """What a parameter that may be anything cannot be all the same; None where that is nothing.

    Parameters that name something in the account are held against what is there, so that they are not empty.
    Source: CloudFormation user guide, parameters: properties, and parameter types of AWS's own.
    """
    least, most, shortest, longest = (
        None if (text := word(entry.get(name))) is None else decimal(text)
        for name in ("MinValue", "MaxValue", "MinLength", "MaxLength")
    )
    pattern = word(entry.get("AllowedPattern"))
    filled = kind.startswith("AWS::") or not (pattern is None or admits_nothing(pattern))
    limits = Limits(
        Range(least, most) if kind == "Number" else None,
        Range(max(shortest or 0, 1) if filled else shortest, longest),
    )
    return None if limits == Limits() else limits


def _is_list(kind: str) -> bool:
    return kind == "CommaDelimitedList" or "List<" in kind


def _typed(value: Setting, kind: str) -> Setting:
    """A text as the parameter's type has it: lists are split at commas."""
    if not _is_list(kind):
        return value
    if isinstance(value, Choice):
        return replace(value, arms=each(value, lambda arm: _typed(arm, kind)))
    if not isinstance(value, Known) or not isinstance(value.it, str):
        return value
    pieces = value.it.split(",") if value.it else ()
    parts = tuple(Known(piece.strip(), value.span, (), value.origin, value.sensitive) for piece in pieces)
    return replace(value, it=parts)
