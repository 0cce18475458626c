"""An event that starts a function or a state machine, and what all kinds of them have in common."""

from __future__ import annotations

from collections.abc import Mapping as Table

from partywall.cloudformation.sam.role import Grants
from partywall.cloudformation.sam.serverless import Serverless
from partywall.cloudformation.sam.tree import Plain, child, get_att, is_absent, ref, sub
from partywall.immutable import immutable
from partywall.source import Span
from partywall.text.node import Node


@immutable()
class Target:
    """What an event starts: a resource, or an alias of it; `attribute` is its ARN, empty where `Ref` gives that.

    With an alias the qualified name is written out, so that what is said of the alias is found from its resource.
    """

    name: str
    alias: Node | None = None
    attribute: str = "Arn"

    @property
    def reference(self) -> dict[str, Plain]:
        """The name or ARN that permissions and mappings take."""
        return ref(self.name) if self.alias is None else sub(f"${{{self.name}}}:${{Alias}}", Alias=self.alias)

    @property
    def arn(self) -> dict[str, Plain]:
        """The ARN."""
        if self.alias is not None:
            return sub(f"${{{self.name}.Arn}}:${{Alias}}", Alias=self.alias)
        return get_att(self.name, self.attribute) if self.attribute else ref(self.name)


@immutable()
class Event:
    """One entry of `Events`; `span` is its key, `grants` what it needs the role of the owner to be allowed."""

    owner: Serverless
    name: str
    kind: str
    span: Span
    properties: Node | None
    target: Target
    grants: Grants

    @property
    def id(self) -> str:
        """The logical id of the resource that the event becomes, and the start of the others'."""
        return f"{self.owner.name}{self.name}"

    def get(self, *path: str) -> Node | None:
        """A property; None where it is absent."""
        node = self.properties
        for name in path:
            node = child(node, name)
        return None if is_absent(node) else node

    def picked(self, *names: str) -> dict[str, Plain]:
        """Properties that pass as they are."""
        return {name: self.get(name) for name in names}

    def make(
        self, name: str, kind: str, properties: Table[str, Plain], *, part: str = "", span: Span | None = None
    ) -> None:
        """A resource of the event."""
        said = f"{part} of event {self.name}" if part else f"event {self.name}"
        self.owner.make(name, kind, said, span or self.span, properties)

    def permit(
        self,
        principal: str,
        source: Plain = None,
        *,
        name: str = "",
        account: Plain = None,
        token: Plain = None,
    ) -> None:
        """The permission of a service to start the function."""
        properties: dict[str, Plain] = {
            "Action": "lambda:InvokeFunction",
            "FunctionName": self.target.reference,
            "Principal": principal,
            "SourceArn": source,
            "SourceAccount": account,
            "EventSourceToken": token,
        }
        self.make(name or f"{self.id}Permission", "AWS::Lambda::Permission", properties, part="permission")
