"""Machine images: how one is chosen, and what the words of the choice say about it."""

from __future__ import annotations

from collections.abc import Iterable

from partywall.aws.ebs import Snapshot
from partywall.aws.lifecycle import matching
from partywall.aws.resource import INFRASTRUCTURE, Resource, flag, text
from partywall.declared import Declared
from partywall.graph import View
from partywall.truth import NO, Truth, all_of, any_of, no, unknown, yes
from partywall.value import Choice, Known, Setting, Unknown, distinct, fits, plain, references

LOOKUPS = ("data.aws_ami", "data.aws_ami_ids")
OWN = (
    "aws_ami", "aws_ami_copy", "aws_ami_from_instance", "aws_imagebuilder_image", "data.aws_imagebuilder_image",
    "AWS::ImageBuilder::Image",
)  # fmt: skip
"""Images that are made here."""

_OWNER_FILTERS = ("owner-id", "owner-alias", "image-id")
_PUBLIC_PATH = "/aws/service/"
_RESOLVE = "resolve:ssm:"
_SYSTEM_V2 = "Amazon Linux 2023"
"""The system whose images ask for session tokens by themselves. Source: EC2 user guide, Configure IMDS options."""


class ImageLookup(Resource, service="ec2", model=INFRASTRUCTURE, terraform=LOOKUPS):
    """A search for images by name and other traits."""

    most_recent = flag(tf="most_recent", default=False)

    @property
    def names_owner(self) -> Truth:
        """Whether it says whose images it trusts; `*` is everyone."""
        owners = self.elements((), "owners")
        listed = any_of(fits(it, "the owner", lambda owner: owner not in (None, "", "*"), self._at) for it in owners)
        return listed | any_of(self._filter_named(name) for name in _OWNER_FILTERS)

    @property
    def by_name(self) -> Truth:
        """Whether anyone could publish what it looks for."""
        if self.declared.type == "data.aws_ami_ids":
            return yes("it looks for images", self.span, self._at)
        return self.most_recent | self._filter_named("name") | self.is_set((), "name_regex")

    @property
    def owned_by_public(self) -> Truth:
        """Whether it looks among images that everyone may use, and that are therefore never encrypted."""
        owners = self.elements((), "owners")
        return any_of(
            fits(it, "the owner", lambda owner: owner in ("amazon", "aws-marketplace"), self._at) for it in owners
        )

    @property
    def names(self) -> tuple[Setting, ...]:
        """The names it looks for, with wildcards."""
        return tuple(value for it in self._filters if _is(it, "name") for value in it.elements((), "values"))

    @property
    def exact(self) -> Truth:
        """Whether it finds one image for ever: by a name without wildcards, or by its id."""
        by_id = any_of(_truth(it, "image-id") for it in self._filters)
        names = self.names
        exact = all_of(fits(it, "the name", lambda name: not set("*?") & set(str(name)), self._at) for it in names)
        return by_id | (exact if names else NO)

    @property
    def _at(self) -> str:
        return self.declared.address

    @property
    def _filters(self) -> tuple[Resource, ...]:
        return tuple(Resource(self.view, self.declared, it) for it in self.elements((), "filter"))

    def _filter_named(self, name: str) -> Truth:
        return any_of(_truth(it, name) for it in self._filters)


def _truth(it: Resource, name: str) -> Truth:
    return fits(it.read((), "name"), "a filter", lambda value: value == name, it.declared.address)


def _is(it: Resource, name: str) -> bool:
    return plain(it.read((), "name")) == name


class ImageChoice:
    """The image that a machine starts from, as its author chose it."""

    def __init__(self, view: View, value: Setting, owner: str) -> None:
        self.view, self.value, self.owner = view, value, owner

    @property
    def sources(self) -> tuple[Declared, ...]:
        """The declarations that the choice goes through."""
        graph = self.view.graph.by_address
        found = (graph.get(it.address) for it in references(self.value))
        return tuple(dict.fromkeys(it for it in found if it is not None))

    @property
    def lookups(self) -> tuple[ImageLookup, ...]:
        """The searches that the choice goes through."""
        return tuple(ImageLookup(self.view, it) for it in self.sources if it.type in LOOKUPS)

    @property
    def parameters(self) -> tuple[Setting, ...]:
        """The SSM parameters that hold its id."""
        written = plain(self.value)
        path = written.removeprefix(_RESOLVE) if isinstance(written, str) and written.startswith(_RESOLVE) else None
        here = [] if path is None else [Known(path, self.value.span)]
        dynamic = [Known(it.attribute, self.value.span) for it in references(self.value) if it.address == "resolve:ssm"]
        named = [self._parameter(Resource(self.view, it)) for it in self.sources]
        return tuple(it for it in (*here, *dynamic, *named) if not (isinstance(it, Known) and it.it is None))

    def _parameter(self, source: Resource) -> Setting:
        """The SSM parameter that a data source, or a parameter of the template, reads."""
        if source.declared.type == "data.aws_ssm_parameter":
            return source.read((), "name")
        kind = plain(source.read("Type", ())) if source.declared.type == "parameter" else None
        if isinstance(kind, str) and kind.startswith("AWS::SSM::Parameter::Value"):
            return source.read("Default", ())
        return Known(None)

    @property
    def words(self) -> tuple[Setting, ...]:
        """Every text that says what the image is: names looked for, paths of parameters."""
        return (*(name for it in self.lookups for name in it.names), *self.parameters)

    @property
    def made_here(self) -> bool:
        """Whether the deployment makes the image itself."""
        return any(it.type in OWN for it in self.sources)

    @property
    def pinned(self) -> Truth:
        """Whether it stays the same image whatever is published later."""
        value = self.value
        if self.made_here or self.parameters:
            return no("the image is looked up at every deployment", value.span, self.owner)
        if self.lookups:
            return any_of(it.exact | ~it.most_recent for it in self.lookups)
        return _literal(value, self.owner)

    @property
    def plain_by_nature(self) -> Truth:
        """Whether its disks are surely not encrypted: nobody can publish an image with encrypted snapshots.

        Source: EC2 user guide, Make your AMI publicly available.
        """
        public = [
            fits(it, "the parameter", lambda name: str(name).startswith(_PUBLIC_PATH), self.owner)
            for it in self.parameters
        ]
        looked_up = [it.owned_by_public for it in self.lookups]
        made = [~Image(self.view, it).encrypted for it in self.sources if it.type in Image.terraform]
        known = any_of((*public, *looked_up, *made))
        if made or any(it.state is not NO.state for it in (*public, *looked_up)):
            return known
        return unknown("whether the disks of the image are encrypted is not known here", self.value.span, self.owner)

    @property
    def encrypted_here(self) -> Truth:
        """Whether it is an image of this deployment with encrypted disks."""
        return any_of(Image(self.view, it).encrypted for it in self.sources if it.type in Image.terraform)

    @property
    def asks_for_tokens(self) -> Truth:
        """Whether the image itself asks for session tokens, as it was registered."""
        registered = [Image(self.view, it).imds_v2 for it in self.sources if it.type in Image.terraform]
        return any_of((*registered, *(fits(it, "the image", _is_v2, self.owner) for it in _settled(self.words))))


def _settled(words: Iterable[Setting]) -> Iterable[Setting]:
    return (it for it in words if not isinstance(it, Unknown))


def _is_v2(word: object) -> bool:
    found = matching("operating-system", str(word))
    return found is not None and found.name == _SYSTEM_V2


def _literal(value: Setting, owner: str) -> Truth:
    if isinstance(value, Choice):
        return all_of(_literal(arm, owner) for arm in distinct(value))
    return fits(value, "the image", lambda it: isinstance(it, str) and it.startswith("ami-"), owner)


class Image(
    Resource, service="ec2", model=INFRASTRUCTURE, terraform=("aws_ami", "aws_ami_copy", "aws_ami_from_instance")
):
    """An image that is registered or copied here."""

    imds_support = text(tf="imds_support", default="")
    encrypted_copy = flag(tf="encrypted", default=False)

    @property
    def imds_v2(self) -> Truth:
        """Whether instances of it ask for session tokens unless told otherwise."""
        return type(self).imds_support.fits(self, lambda it: it == "v2.0")

    @property
    def encrypted(self) -> Truth:
        """Whether its disks are encrypted: as asked of the copy, or as the snapshots are that it is made of."""
        if self.declared.type == "aws_ami_copy":
            original = ImageChoice(self.view, self.read((), "source_ami_id"), self.declared.address)
            return self.encrypted_copy | ~original.plain_by_nature
        snapshots = self.elements((), "ebs_block_device")
        if self.declared.type == "aws_ami" and snapshots:
            return all_of(self._snapshot(Resource(self.view, self.declared, it)) for it in snapshots)
        return unknown("what the image is made of is not known here", self.span, self.declared.address)

    def _snapshot(self, device: Resource) -> Truth:
        value = device.read((), "snapshot_id")
        found = self.view.target(value, Snapshot.terraform)
        if found is None:
            return unknown("the snapshot of the image is not declared here", value.span, self.declared.address)
        return Snapshot(self.view, found).encrypted
