"""One instance of a module: everything in it is evaluated once, when it is first asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, partial

from partywall.declared import Declared
from partywall.problem import Problem
from partywall.source import Span
from partywall.terraform import data_source
from partywall.terraform.block import META, META_BLOCKS, MODULE_META, Blocks
from partywall.terraform.deferred import Deferred
from partywall.terraform.expansion import ALWAYS, Instance, both, expand
from partywall.terraform.expression import attempt
from partywall.terraform.files import Configuration
from partywall.terraform.installed import Call, NotFoundError
from partywall.terraform.move import moves
from partywall.terraform.provider import Providers, all_tags, handed_down, provider_name
from partywall.terraform.requirement import required
from partywall.terraform.run import Run
from partywall.terraform.scope import Created, EvaluationError, Scope
from partywall.terraform.syntax import Argument, Block
from partywall.terraform.variable import variable_value
from partywall.value import CREATED, READ, Known, Reference, Setting, Unknown, Value, marked

MAX_DEPTH = 32
_TERRAFORM = frozenset({"workspace", "applying"})


class Module:
    """A module under its call path; answers `var.x`, `local.x`, `module.x` and resource references."""

    def __init__(
        self,
        run: Run,
        configuration: Configuration,
        path: str = "",
        key: str = "",
        given: Mapping[str, Callable[[], Setting]] | None = None,
        exists: Value[bool] = ALWAYS,
        inherited: Providers | None = None,
    ) -> None:
        self.run = run
        self.configuration = configuration
        self.path = path
        self.key = key
        self.given = given or {}
        self.exists = exists
        self.inherited = inherited or {}
        self.above = frozenset((os.path.normpath(configuration.directory),))
        self.place = run.place
        self._settings: dict[tuple[str, ...], Setting] = {}
        self._busy: set[tuple[str, ...]] = set()
        self._declared: dict[tuple[str, str, str], list[Declared]] = {}
        self._children: dict[str, list[Module]] = {}

    def address(self, *names: str) -> str:
        """The full address of something in this module."""
        return ".".join((self.path, *names) if self.path else names)

    # What expressions ask for.

    def member(self, root: str, name: str, span: Span) -> Setting:
        """`root.name`; raises EvaluationError for what is not declared."""
        if root == "var":
            return self._once(("var", name), span, lambda: self._variable(name, span))
        if root == "local":
            return self._once(("local", name), span, lambda: self._local(name, span))
        if root == "module":
            return self._once(("module", name), span, lambda: self._call(name, span))
        if root == "path":
            return self._path(name, span)
        if root == "terraform":
            if name == "workspace" and self.run.workspace is not None:
                return Known(self.run.workspace, span)
            if name not in _TERRAFORM:
                raise EvaluationError(f"terraform.{name} does not exist", span)
            return Unknown(f"terraform.{name} is not given", span, (Reference(f"terraform.{name}"),))
        return self._resource(("resource", root, name), span)

    def data(self, mode: str, kind: str, name: str, span: Span) -> Setting:
        """`data.kind.name` or `ephemeral.kind.name`; raises EvaluationError for what is not declared."""
        return self._resource((mode, kind, name), span)

    def note(self, error: EvaluationError, meaning: str = "unknown") -> None:
        """Report what Terraform would refuse and we read over, and what the value counts as."""
        self.run.note(error, meaning)

    def output(self, name: str, span: Span) -> Setting:
        """An output of this module; raises EvaluationError for one that is not declared."""
        block = self.configuration.outputs.get(name)
        argument = block.body.argument("value") if block is not None else None
        if argument is None:
            raise EvaluationError(f"{self.path or 'the module'} has no output {name}", span)
        secret = block is not None and block.says("sensitive", answer=True)

        def value() -> Setting:
            made = self._blocks().argument(argument, self._scope(argument))
            return marked(made) if secret else made

        return self._once(("output", name), span, value)

    @cached_property
    def outputs(self) -> Mapping[str, Setting]:
        """The outputs by name, as the caller sees them."""
        declared = self.configuration.outputs
        return Deferred(declared.keys, lambda name: self.output(name, declared[name].header))

    def _once(self, key: tuple[str, ...], span: Span, make: Callable[[], Setting]) -> Setting:
        found = self._settings.get(key)
        if found is not None:
            return found
        if key in self._busy:
            why = f"{'.'.join(key)} depends on itself"
            self.run.note(EvaluationError(why, span))
            return Unknown(why, span)
        self._busy.add(key)
        try:
            found = self._settings[key] = make()
        finally:
            self._busy.discard(key)
        return found

    def _scope(self, written: Argument | Block, names: Mapping[str, Setting] | None = None, owner: str = "") -> Scope:
        return Scope(written.source, self, names or {}, owner)

    def _blocks(self, address: str = "", why: str = CREATED) -> Blocks:
        return Blocks(address, why, self.run.note, self.run.describe)

    def _variable(self, name: str, span: Span) -> Setting:
        block = self.configuration.variables.get(name)
        if block is None:
            raise _undeclared("var", name, self.configuration.variables, span)
        given = self.given.get(name)
        address = self.address("var", name)
        try:
            value = given() if given is not None else None
            kind = self.configuration.types[name]
            return variable_value(block, kind, address, value, self.run.directory, root=not self.path)
        except EvaluationError as error:
            self.run.note(error)
            return Unknown(error.message, error.span)

    def _local(self, name: str, span: Span) -> Setting:
        argument = self.configuration.locals.get(name)
        if argument is None:
            raise _undeclared("local", name, self.configuration.locals, span)
        return self._blocks().argument(argument, self._scope(argument))

    def _path(self, name: str, span: Span) -> Setting:
        if name == "module":
            relative = os.path.relpath(self.configuration.directory, self.run.directory).replace(os.sep, "/")
            return Known(relative, span)
        if name == "root":
            return Known(".", span)
        if name == "cwd":
            inside = os.path.relpath(os.path.realpath(self.run.directory), os.path.realpath(self.run.project))
            below = None if inside.startswith(".") else (None, "/" + inside.replace(os.sep, "/"))
            return Unknown("path.cwd names the machine", span, parts=below)
        raise EvaluationError(f"path.{name} does not exist", span)

    # Resources and data sources.

    def _resource(self, key: tuple[str, str, str], span: Span) -> Setting:
        mode, kind, name = key
        block = self.configuration.resources.get(key)
        prefix = () if mode == "resource" else (mode,)
        address = self.address(*prefix, kind, name)
        if block is None:
            named = [one for other, its, one in self.configuration.resources if (other, its) == (mode, kind)]
            self.run.missing[address] = ".".join((*prefix, kind))
            raise _undeclared(".".join((*prefix, kind)), name, named, span, (Reference(address),))
        if key in self._busy:
            return Known(Created(address, {}), span, (Reference(address),))
        return self._once(key, span, lambda: self._expanded(key, block, address))

    def _expanded(self, key: tuple[str, str, str], block: Block, address: str) -> Setting:
        mode, kind, _ = key
        why = CREATED if mode == "resource" else READ
        expansion = expand(block, self._scope(block, owner=address), self._blocks(address, why), address)
        self.run.count(len(expansion.instances), block.header)
        objects = []
        declared = self._declared[key] = []
        for instance in expansion.instances:
            one = self._declare(block, kind if mode == "resource" else f"{mode}.{kind}", address, instance, why)
            declared.append(one)
            created = Created(one.address, one.attributes, why)
            objects.append(Known(created, block.header, (Reference(one.address),)))
        return expansion.collect(objects, block.header)

    def _declare(self, block: Block, kind: str, address: str, instance: Instance, why: str) -> Declared:
        full = address + instance.suffix
        blocks = self._blocks(full, why)
        scope = self._scope(block, instance.names, full)
        attributes = blocks.settings(block.body, scope, without=META | META_BLOCKS)
        provider = self.provider(provider_name(block, kind.removeprefix("data.")))
        attributes |= data_source.results(kind, attributes, self, provider)
        if why == CREATED:
            tags = all_tags(provider, attributes.get("tags"))
            if tags is not None:
                attributes["tags_all"] = tags
        return Declared(
            dialect="terraform",
            type=kind,
            address=full,
            attributes=attributes,
            span=block.header,
            exists=both(self.exists, instance.exists),
            metadata=_metadata(block, scope, blocks),
            extent=block.extent,
        )

    # Module calls.

    def _call(self, name: str, span: Span) -> Setting:
        block = self.configuration.modules.get(name)
        if block is None:
            raise _undeclared("module", name, self.configuration.modules, span)
        address = self.address("module", name)
        said = {one: self._said(block, one) for one in ("source", "version")}
        called = Call(self.configuration.directory, self.key, name, **said)
        try:
            directory = self.run.installed.directory(called)
        except NotFoundError as error:
            self.run.unseen.append(Problem(block.header, "note", f"{address} {error} and was not looked at"))
            why = str(error).rstrip(",")
            return Unknown(f"module {name} {why}: run terraform init", block.header, (Reference(address),))
        key = called.key
        if directory in self.above:
            raise EvaluationError(f"module {name} calls itself", block.header)
        if key.count(".") >= MAX_DEPTH:
            raise EvaluationError("modules are nested too deeply", block.header)
        configuration = self.run.configuration(directory)
        for argument in block.body.arguments:
            if argument.name not in MODULE_META and argument.name not in configuration.variables:
                message = f"module {name} has no variable {argument.name}; the argument is passed over"
                self.run.problems.append(Problem(argument.span, "note", message))
        blocks = self._blocks(address)
        expansion = expand(block, self._scope(block, owner=address), blocks, address)
        self.run.count(len(expansion.instances), block.header)
        self.run.count_calls(len(expansion.instances), block.header)
        children = self._children[name] = []
        objects: list[Setting] = []
        for instance in expansion.instances:
            scope = self._scope(block, instance.names, address + instance.suffix)
            given = {
                one.name: _later(blocks, one, scope) for one in block.body.arguments if one.name not in MODULE_META
            }
            exists = both(self.exists, instance.exists)
            providers = handed_down(block, self.providers)
            child = Module(self.run, configuration, address + instance.suffix, key, given, exists, providers)
            child.above = self.above | {directory}
            children.append(child)
            objects.append(Known(child.outputs, block.header))
        return expansion.collect(objects, block.header)

    def _said(self, block: Block, name: str) -> str | None:
        """What a module call says in a text argument; OpenTofu allows variables and local values there."""
        argument = block.body.argument(name)
        value = None if argument is None else attempt(argument.expression, self._scope(argument))
        return value.it if isinstance(value, Known) and isinstance(value.it, str) else None

    # Providers.

    @cached_property
    def providers(self) -> Providers:
        """The configurations that this module can name, its own before those handed down."""
        own: dict[str, Setting] = {}
        for block in self.configuration.providers:
            alias = getattr(getattr(block.body.argument("alias"), "expression", None), "value", None)
            name = block.labels[0] if alias is None else f"{block.labels[0]}.{alias}"
            arguments = partial(self._provided, name, block)
            deferred = Deferred(lambda made=arguments: made().keys(), lambda one, made=arguments: made()[one])  # type: ignore[misc]
            own[name] = Known(deferred, block.header)
        return {**self.inherited, **own}

    def provider(self, name: str) -> Setting | None:
        """A provider configuration, if there is one."""
        return self.providers.get(name)

    def _provided(self, name: str, block: Block) -> Mapping[str, Setting]:
        """The arguments of a provider block; none while they are being evaluated."""
        scope = self._scope(block)
        blocks = self._blocks(f"provider.{name}")
        made = self._once(
            ("provider", name), block.header, lambda: Known(blocks.settings(block.body, scope, without=META))
        )
        return made.it if isinstance(made, Known) and isinstance(made.it, Mapping) else {}

    # Everything, in the order of the files.

    def declarations(self) -> Iterator[Declared]:
        """Every declaration of this module and of the modules it calls."""
        self.run.moves += moves(self.configuration.moved, self.path)
        for name, argument in self.configuration.required_providers.items():
            requirement = required(argument, self.address("terraform", "required_providers", name))
            if requirement is not None:
                yield requirement
        for block in self.configuration.providers:
            yield self._provider(block)
        for name, block in self.configuration.variables.items():
            yield self._piece(block, "variable", self.address("var", name), frozenset({"type", "validation"}))
        for key, block in self.configuration.resources.items():
            try:
                self._resource(key, block.header)
            except EvaluationError as error:
                self.run.note(error)
            yield from self._declared.get(key, ())
        for name, block in self.configuration.modules.items():
            try:
                self.member("module", name, block.header)
            except EvaluationError as error:
                self.run.note(error)
            address = self.address("module", name)
            yield Declared("terraform", "module", address, {}, block.header, self.exists, extent=block.extent)
            for child in self._children.get(name, ()):
                yield from child.declarations()
        for name, block in self.configuration.outputs.items():
            yield self._piece(block, "output", self.address("output", name), frozenset({"precondition"}))
        # What nothing asked for is wrong all the same where it is wrong.
        for name, block in self.configuration.variables.items():
            self.member("var", name, block.header)
        for name, argument in self.configuration.locals.items():
            self.member("local", name, argument.span)

    def _provider(self, block: Block) -> Declared:
        alias = getattr(getattr(block.body.argument("alias"), "expression", None), "value", None)
        names = ("provider", block.labels[0]) if alias is None else ("provider", block.labels[0], str(alias))
        return self._piece(block, f"provider.{block.labels[0]}", self.address(*names), META)

    def _piece(self, block: Block, kind: str, address: str, without: frozenset[str]) -> Declared:
        attributes = self._blocks(address).settings(block.body, self._scope(block, owner=address), without=without)
        return Declared("terraform", kind, address, attributes, block.header, self.exists, extent=block.extent)


def _undeclared(
    root: str, name: str, declared: Iterable[str], span: Span, references: tuple[Reference, ...] = ()
) -> EvaluationError:
    import difflib

    near = difflib.get_close_matches(name, list(declared), 1)
    hint = f"; did you mean {root}.{near[0]}?" if near else ""
    return EvaluationError(f"{root}.{name} is not declared{hint}", span, references)


def _later(blocks: Blocks, argument: Argument, scope: Scope) -> Callable[[], Setting]:
    return lambda: blocks.argument(argument, scope)


def _metadata(block: Block, scope: Scope, blocks: Blocks) -> dict[str, Setting]:
    """`lifecycle`, `depends_on` and `provider`, which say nothing to AWS."""
    out: dict[str, Setting] = {}
    for lifecycle in block.body.blocks_of("lifecycle"):
        kept = [one for one in lifecycle.body.arguments if one.name in {"prevent_destroy", "create_before_destroy"}]
        settings = {one.name: blocks.argument(one, scope) for one in kept}
        out["lifecycle"] = Known(settings, lifecycle.header)
    depends = block.body.argument("depends_on")
    if depends is not None:
        out["depends_on"] = attempt(depends.expression, scope.at(depends.source))
    provider = block.body.argument("provider")
    if provider is not None:
        span = provider.source.span(provider.expression.start, provider.expression.end)
        out["provider"] = Known(
            provider.source.text[provider.expression.start : provider.expression.end].strip('"'), span
        )
    return out
