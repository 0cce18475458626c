"""Virtual machines, and what they are launched from: templates, configurations, spot requests."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from functools import cached_property

from partywall.aws.account import metadata_defaults
from partywall.aws.image import ImageChoice
from partywall.aws.resource import INFRASTRUCTURE, Resource, one_of, text
from partywall.aws.secret import in_script, inputs, is_hidden, is_secret_name, name_of
from partywall.text.structured import Base64Text
from partywall.truth import NO, Truth, known, no, unknown, yes
from partywall.value import Known, Unknown, Value, convert, fits, parts

TEMPLATES = ("AWS::EC2::LaunchTemplate", "aws_launch_template")
CONFIGURATIONS = ("AWS::AutoScaling::LaunchConfiguration", "aws_launch_configuration")
_TEMPLATE = (
    ("LaunchTemplate.LaunchTemplateId", "LaunchTemplate.LaunchTemplateName"),
    ("launch_template.id", "launch_template.name"),
)
INSTANCES = ("AWS::EC2::Instance", "aws_instance", "aws_spot_instance_request")


class Launch(
    Resource,
    service="ec2",
    model=INFRASTRUCTURE,
    cloudformation=(INSTANCES[0], TEMPLATES[0], CONFIGURATIONS[0]),
    terraform=(*INSTANCES[1:], TEMPLATES[1], CONFIGURATIONS[1]),
):
    """An instance, or what instances are launched from: AWS runs the host, the guest is the customer's."""

    tokens = text(
        cfn=("MetadataOptions.HttpTokens", "LaunchTemplateData.MetadataOptions.HttpTokens"),
        tf="metadata_options.http_tokens",
        default="optional",
    )
    endpoint = text(
        cfn=("MetadataOptions.HttpEndpoint", "LaunchTemplateData.MetadataOptions.HttpEndpoint"),
        tf="metadata_options.http_endpoint",
        default="enabled",
    )

    @cached_property
    def image(self) -> ImageChoice:
        """The image it starts from: its own, else that of its template."""
        own = self.read(("ImageId", "LaunchTemplateData.ImageId"), ("ami", "image_id"))
        template = self.template
        if isinstance(own, Known) and own.it is None and template is not None:
            return template.image
        return ImageChoice(self.view, own, self.declared.address)

    @property
    def names_image(self) -> Truth:
        """Whether it says what it starts from; a template may leave that open."""
        return self.is_set(("ImageId", "LaunchTemplateData.ImageId"), ("ami", "image_id"))

    # The template of an instance.

    @cached_property
    def template(self) -> Launch | None:
        """The launch template that completes it, where that is declared here."""
        found = self.view.target(self.read(*_TEMPLATE), TEMPLATES)
        return None if found is None else Launch(self.view, found)

    @property
    def completed_by_template(self) -> Truth:
        """Whether a launch template completes it."""
        return self.is_set(*_TEMPLATE)

    # Instance metadata.

    @property
    def metadata_off(self) -> Truth:
        """Whether the metadata service is switched off."""
        own = type(self).endpoint.fits(self, one_of("disabled"))
        return own | (NO if self.template is None else self.template.metadata_off & ~self._says_endpoint)

    @property
    def asks_for_tokens(self) -> Truth:
        """Whether metadata are told only to those who hold a session token.

        What the launch says counts first, then its template, the region's default, and the image, unless the region's
        default says that tokens are optional. Source: EC2 API reference, InstanceMetadataOptionsRequest.
        """
        owner = self.declared.address
        said = type(self).tokens.fits(self, one_of("required"))
        if self.template is not None:
            return (~self._says_tokens & self.template.asks_for_tokens) | said
        image = self.image.asks_for_tokens & ~metadata_defaults(self.view, "optional")
        unseen = self.completed_by_template & unknown("the launch template is not declared here", self.span, owner)
        return said | (~self._says_tokens & (metadata_defaults(self.view, "required") | image | unseen))

    @property
    def _says_tokens(self) -> Truth:
        return self.is_set(type(self).tokens.cfn, type(self).tokens.tf)

    @property
    def _says_endpoint(self) -> Truth:
        return self.is_set(type(self).endpoint.cfn, type(self).endpoint.tf)

    # First boot.

    @cached_property
    def user_data(self) -> Value[str]:
        """The script of the first boot; empty where there is none."""
        written = self.read(("UserData", "LaunchTemplateData.UserData"), ("user_data", "user_data_base64"))
        if isinstance(written, Known) and written.it is None:
            return Known("", self.span) if self.template is None else self.template.user_data
        return convert(written, _decoded, "a script")

    @property
    def hands_out_secrets(self) -> Truth:
        """Whether the script holds a secret, or is given one: whoever is on the machine can read it."""
        script, owner = self.user_data, self.declared.address
        found = in_script(script)
        if found is not None:
            return yes(f"the user data hold {found.label}", found.span, owner)
        given = [it for it in inputs(self.view, script) if is_hidden(it) or is_secret_name(name_of(it))]
        if given:
            return yes(f"the user data are given the secret {name_of(given[0])}", script.span, owner)
        whole = not isinstance(script, Unknown) or any(script.parts or ())
        return (
            fits(script, "the user data", lambda _: False, owner) if not whole else no("no secret", script.span, owner)
        )

    @property
    def hands_out_example(self) -> Truth:
        """Whether what the script holds is only an example key of AWS's documentation."""
        found = in_script(self.user_data)
        example = found is not None and found.example
        return known(
            example, "the key is an example of AWS's documentation", self.user_data.span, self.declared.address,
            otherwise="",
        )  # fmt: skip

    @property
    def installs_packages(self) -> Truth:
        """Whether the first boot installs software."""
        return self._script_has(_INSTALLS, "install software")

    @property
    def updates_packages(self) -> Truth:
        """Whether the first boot brings what is installed up to date."""
        return self._script_has(_UPDATES, "install updates")

    @property
    def updates_itself(self) -> Truth:
        """Whether the first boot sets up updates that go on by themselves."""
        return self._script_has(_UNATTENDED, "set up updates that go on by themselves")

    @property
    def starts_from_own_image(self) -> Truth:
        """Whether it starts from an image that this deployment makes."""
        made = self.image.made_here
        said = "the image is made here" if made else "the image is not made here"
        return known(made, said, self.span, self.declared.address)

    def _script_has(self, pattern: re.Pattern[str], what: str) -> Truth:
        """Whether the script has a command; a known piece that has it is enough.

        `what` says what the command does: what the script says stays out of the reason.
        """
        script = _read_around(self.user_data)
        pieces = script.parts or () if isinstance(script, Unknown) else ()
        if any(pattern.search(piece) for piece in pieces if piece):
            return yes(f"the user data {what}", script.span, self.declared.address)
        written = (script.it,) if isinstance(script, Known) else pieces
        if any("cfn-init" in piece for piece in written if piece) and pattern.search(self._prepared):
            return yes(f"cfn-init is told to {what}", script.span, self.declared.address)
        if isinstance(script, Known):
            there = bool(pattern.search(script.it))
            return known(there, f"the user data {'' if there else 'do not '}{what}", script.span, self.declared.address)
        return fits(script, "what the user data do", lambda it: bool(pattern.search(it)), self.declared.address)

    @property
    def _prepared(self) -> str:
        """What stands in the metadata that `cfn-init` reads, line by line.

        Source: CloudFormation user guide, AWS::CloudFormation::Init.
        """
        whole = self.declared.metadata.get("Metadata", Known(None))
        found: list[str] = []
        for part in parts(self.view.look(whole, (_INIT,))):
            if isinstance(part, Known) and isinstance(part.it, Mapping):
                found += map(str, part.it)
            elif isinstance(part, Known) and isinstance(part.it, str):
                found.append(part.it)
            elif isinstance(part, Unknown):
                found += [piece for piece in part.parts or () if piece]
        return "\n".join(found)


_INIT = "AWS::CloudFormation::Init"
# What stands between a command and its verb is bounded: a script that repeats the command would be read for each.
_INSTALLS = re.compile(
    r"\b(?:yum|dnf|apt|apt-get|zypper|pip3?|choco|amazon-linux-extras)\s(?:[^\n;&|]{0,300}\s)?install\b|^packages:",
    re.MULTILINE,
)
_UPDATES = re.compile(
    r"\b(?:yum|dnf)\s(?:[^\n;&|]{0,300}\s)?(?:update|upgrade)\b"
    r"|\bapt(?:-get)?\s(?:[^\n;&|]{0,300}\s)?(?:upgrade|dist-upgrade|full-upgrade)\b"
    r"|\bzypper\s(?:[^\n;&|]{0,300}\s)?(?:patch|update|up|dup)\b"
    r"|^(?:package|apt)_(?:upgrade|reboot_if_required): *true|Install-WindowsUpdate|PSWindowsUpdate|unattended-upgrade",
    re.MULTILINE,
)
_UNATTENDED = re.compile(r"unattended-upgrades|dnf-automatic|yum-cron|transactional-update\.timer")


_OPTION = re.compile(r"--(?:stack|region|resource|configsets|role)[ =]+[\"']?\Z")
"""Before what names something: options of CloudFormation's helper scripts, and of the AWS CLI.

Source: CloudFormation template reference, cfn-init and cfn-signal."""


def _read_around(script: Value[str]) -> Value[str]:
    """A script as it is for the commands in it: an unknown name behind an option is no command."""
    if not isinstance(script, Unknown) or script.parts is None:
        return script
    before = ("", *(it or "" for it in script.parts))
    if all(it is not None or _OPTION.search(text) for text, it in zip(before, script.parts, strict=False)):
        return Known("".join(it or "name" for it in script.parts), script.span, sensitive=script.sensitive)
    return script


def _decoded(written: object) -> str | None:
    """The script, whether it is written as it is or as base64."""
    if isinstance(written, Base64Text):
        return written.decoded
    if not isinstance(written, str):
        return None
    try:
        return base64.b64decode(written.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return written
