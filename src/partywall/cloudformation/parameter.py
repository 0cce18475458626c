"""The values of parameters and pseudo parameters."""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import replace

from partywall.cloudformation.evaluation import Evaluation, items, word
from partywall.text.node import Mapping, Node, Scalar
from partywall.truth import Because
from partywall.value import Choice, Known, Reference, Setting, Unknown

ELSE = "anything else"
_PSEUDO = {
    "AWS::Region": "AWS::Region is not given",
    "AWS::AccountId": "AWS::AccountId is not given",
    "AWS::StackName": "the name of the stack",
    "AWS::StackId": "the id of the stack",
    "AWS::NotificationARNs": "the notification topics of the stack",
}
_SUFFIXES = {"aws": "amazonaws.com", "aws-cn": "amazonaws.com.cn", "aws-us-gov": "amazonaws.com"}


class Parameters:
    """Parameters by name. A given value counts first, then the default, then the values allowed."""

    def __init__(
        self,
        section: Node | None,
        given: Table[str, Setting],
        region: str | None,
        account: str | None,
        scope: Evaluation,
    ) -> None:
        self.section = section if isinstance(section, Mapping) else None
        self.given, self.region, self.account, self.scope = given, region, account, scope
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

    def entry(self, name: str) -> Mapping | None:
        """The declaration of a parameter."""
        node = self.section.get(name) if self.section is not None else None
        return node if isinstance(node, Mapping) else None

    def _pseudo(self, name: str) -> Setting | None:
        if name == "AWS::Region" and self.region:
            return Known(self.region)
        if name == "AWS::AccountId" and self.account:
            return Known(self.account)
        if name in ("AWS::Partition", "AWS::URLSuffix"):
            return self._partition(suffix=name == "AWS::URLSuffix")
        why = _PSEUDO.get(name)
        return None if why is None else Unknown(why, references=(Reference(name),))

    def _partition(self, *, suffix: bool) -> Setting:
        if self.region:
            found = (
                "aws-cn"
                if self.region.startswith("cn-")
                else "aws-us-gov"
                if self.region.startswith("us-gov-")
                else "aws"
            )
            return Known(_SUFFIXES[found] if suffix else found)
        arms = tuple((name, Known(tail if suffix else name)) for name, tail in _SUFFIXES.items())
        return Choice("AWS::Partition", arms, references=(Reference("AWS::Partition"),))

    def _declared(self, name: str) -> Setting | None:
        entry = self.entry(name)
        if entry is None:
            return None
        kind = word(entry.get("Type") or Scalar(entry.span, "String")) or "String"
        given = self.given.get(name)
        if given is not None:
            return _typed(given, kind)
        default = entry.get("Default")
        allowed = entry.get("AllowedValues")
        if default is not None:
            if kind.startswith("AWS::SSM::Parameter::Value"):
                return Unknown(f"SSM parameter {word(default)}", default.span, (Reference(f"Parameters.{name}"),))
            because = (Because(f"the default of parameter {name}", default.span),)
            return _typed(Known(word(default) or "", default.span, origin=because), kind)
        options = [word(item) for item in items(allowed)] if allowed is not None else []
        texts = [option for option in dict.fromkeys(options) if option is not None]
        reference = (Reference(f"Parameters.{name}"),)
        if texts:
            arms = tuple((one, _typed(Known(one, entry.span), kind)) for one in texts)
            return arms[0][1] if len(arms) == 1 else Choice(name, arms, entry.span, reference)
        return Unknown(f"parameter {name} has no default", entry.span, reference)


def _typed(value: Setting, kind: str) -> Setting:
    """A text as the parameter's type has it: lists are split at commas."""
    is_list = kind == "CommaDelimitedList" or kind.startswith("List<")
    if not is_list or not isinstance(value, Known) or not isinstance(value.it, str):
        return value
    parts = tuple(Known(part.strip(), value.span, (), value.origin) for part in value.it.split(",")) if value.it else ()
    return replace(value, it=parts)
