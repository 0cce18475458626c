"""Secrets in templates: what is one by its name or its form, and whether it can be read where it is written.

What is found is never part of a reason.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from partywall.aws.resource import as_bool
from partywall.declared import Declared
from partywall.graph import View
from partywall.source import Span
from partywall.text.structured import Base64Text, PlacedText
from partywall.truth import NO, Because, State, Truth, any_of, known, no, unknown, yes
from partywall.value import Choice, Known, Setting, Unknown, choices, parts

_NAME = re.compile(
    r"passw(?:or)?d|passphrase|(?<![a-z])pwd|secret|(?<![a-z])token|api_?key|private_?key|access_?key|credential",
    re.IGNORECASE,
)
_NO_SECRET = re.compile(
    r"(?:arn|name|names|id|ids|url|uri|endpoint|path|file|dir|ttl|length|len|policy|type|prefix|region|version|key_id"
    r"|expir\w*|enabled|rotation\w*|days|hours|minutes|seconds|header|param(?:eter)?|store|manager|size|count|table|bucket"
    r"|algorithm|audience|issuer|scope|validity|lifetime|max\w*|min\w*|reset\w*|alias|status|stack|user|users|username"
    r"|role|group|owner|mode|format|source|state|prevention|history|age|strength)\Z",
    re.IGNORECASE,
)
_OTHER_KEY = re.compile(r"(?:kms|public|partition|sort|encryption)_?key\Z|key_?pair\Z|http_tokens\Z", re.IGNORECASE)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def is_secret_name(name: str) -> bool:
    """Whether a name says that its value is a secret, and not where one is kept or how it is used."""
    words = _words(name)
    if words.lower().endswith(("secret_access_key", "secretaccesskey")):
        return True
    return bool(_NAME.search(words)) and not _is_harmless(words)


def is_harmless_name(name: str) -> bool:
    """Whether a name says that its value is about a secret, such as whose it is, and none itself."""
    return _is_harmless(_words(name))


def _is_harmless(words: str) -> bool:
    return bool(_NO_SECRET.search(words.rpartition("_")[2] or words) or _OTHER_KEY.search(words))


def _words(name: str) -> str:
    return _HUMP.sub("_", name).replace("-", "_").replace(".", "_")


FORMS: Sequence[tuple[str, re.Pattern[str]]] = (
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z]+ ){0,4}PRIVATE KEY")),
    ("an AWS access key", re.compile(r"(?<![A-Z0-9])A(?:KIA|SIA)[A-Z0-9]{16}(?![A-Z0-9])")),
    (
        "an AWS secret key",
        re.compile(r"(?i:secret\w{0,64})[\"']?\s*:?[:=]\s*[\"']?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])"),
    ),
    ("a GitHub token", re.compile(r"(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{36}")),
    ("a Slack token", re.compile(r"(?<![A-Za-z0-9])xox[abprs]-[A-Za-z0-9-]{10}")),
    ("an AppSync key", re.compile(r"(?<![A-Za-z0-9])da2-[a-z0-9]{26}(?![a-z0-9])")),
)
_ASSIGNED = re.compile(
    r"(?i:(?<![a-z])[a-z0-9_]{0,64}(?:password|passwd|secret|api_?key|_token))\\?[\"']?[ \t]*[:=][ \t]*"
    r"(?![A-Za-z_][\w.]*(?:\([^\n)]*\)|\[[^\n\]]*\]))"
    r"\\?[\"']?(?![\"'`@$<{%!&*\[(]|/[\w.-]+/|(?i:true|false|none|null|ask|aws |(?:file|arn|ssm|https?):))"
    r"[^\s\"'$;|&]{6}"
)
"""A value given to the name of a secret, and not what a command or a call gives, or where a secret is."""

_PLACEHOLDERS = ("EXAMPLE", "XXXX", "xxxx", "changeme", "CHANGEME", "****")
"""In what people write to be replaced."""

_EXAMPLES: Sequence[tuple[str, re.Pattern[str]]] = (
    ("the example of an AWS access key", re.compile(r"(?<![A-Z0-9])A(?:KIA|SIA)[A-Z0-9]{9}EXAMPLE(?![A-Z0-9])")),
    (
        "the example of an AWS secret key",
        re.compile(r"(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{30}EXAMPLEKEY(?![A-Za-z0-9/+=])"),
    ),
)
"""The keys of AWS's own documentation: they open nothing, and stand where a key that does is expected."""


class Found(NamedTuple):
    """A secret in a text: its kind, its place, and whether it is only an example of AWS's documentation."""

    label: str
    span: Span
    example: bool


def form_of(text: str) -> str | None:
    """What kind of secret a text holds, by its form; examples of AWS's documentation come last."""
    return next((label for label, _ in (*_found(text, FORMS), *_matches(text, _EXAMPLES))), None)


def is_example(text: str) -> bool:
    """Whether a text holds an example key of AWS's documentation, and no real one."""
    return next(_found(text, FORMS), None) is None and next(_matches(text, _EXAMPLES), None) is not None


def in_script(value: Setting) -> Found | None:
    """The first secret in a script: by its form, or given to a name that says so; examples come last."""
    for forms, search in (((*FORMS, ("a password", _ASSIGNED)), _found), (_EXAMPLES, _matches)):
        for piece in _pieces(value):
            text = _opened(piece)
            for label, match in search(text, forms):
                place = piece.span(match.start(), match.end()) if isinstance(piece, PlacedText) else None
                exact = place is not None and text == piece
                return Found(label, place if place is not None and exact else value.span, forms is _EXAMPLES)
    return None


def _matches(text: str, forms: Iterable[tuple[str, re.Pattern[str]]]) -> Iterator[tuple[str, re.Match[str]]]:
    for label, form in forms:
        for match in form.finditer(text):
            yield label, match


def _found(text: str, forms: Iterable[tuple[str, re.Pattern[str]]]) -> Iterator[tuple[str, re.Match[str]]]:
    for label, match in _matches(text, forms):
        if not any(word in text[match.start() : match.end() + 12] for word in _PLACEHOLDERS):
            yield label, match


def _pieces(value: Setting) -> Iterator[str]:
    if isinstance(value, Known) and isinstance(value.it, str):
        yield value.it
    elif isinstance(value, Unknown):
        yield from (piece for piece in value.parts or () if piece)


def text_in(value: Setting) -> str:
    """All known text of a value and its parts, what is unknown between them left out; base64 is opened."""
    found = []
    for part in parts(value):
        if isinstance(part, Known) and isinstance(part.it, str):
            found.append(_opened(part.it))
        elif isinstance(part, Unknown) and part.parts:
            found.append("$".join(_opened(piece or "") for piece in part.parts))
    return "\n".join(found)


def _opened(text: str) -> str:
    if isinstance(text, Base64Text):
        return text.decoded
    if len(text) < 16 or not re.fullmatch(r"[A-Za-z0-9+/\s]+={0,2}\s*", text):
        return text
    try:
        return base64.b64decode(text, validate=False).decode()
    except (binascii.Error, UnicodeDecodeError):
        return text


PLACES: Mapping[str, tuple[str, ...]] = {
    "AWS::AmazonMQ::Broker": ("Users.Password",),
    "AWS::DMS::Endpoint": ("Password",),
    "AWS::DirectoryService::MicrosoftAD": ("Password",),
    "AWS::DirectoryService::SimpleAD": ("Password",),
    "AWS::DocDB::DBCluster": ("MasterUserPassword",),
    "AWS::ElastiCache::ReplicationGroup": ("AuthToken",),
    "AWS::IAM::User": ("LoginProfile.Password",),
    "AWS::KinesisFirehose::DeliveryStream": ("RedshiftDestinationConfiguration.Password",),
    "AWS::OpenSearchService::Domain": ("AdvancedSecurityOptions.MasterUserOptions.MasterUserPassword",),
    "AWS::RDS::DBCluster": ("MasterUserPassword",),
    "AWS::RDS::DBInstance": ("MasterUserPassword",),
    "AWS::Redshift::Cluster": ("MasterUserPassword",),
    "AWS::SecretsManager::Secret": ("SecretString",),
    "aws_db_instance": ("password",),
    "aws_directory_service_directory": ("password",),
    "aws_dms_endpoint": ("password",),
    "aws_docdb_cluster": ("master_password",),
    "aws_elasticache_replication_group": ("auth_token",),
    "aws_mq_broker": ("user.password",),
    "aws_opensearch_domain": ("advanced_security_options.master_user_options.master_user_password",),
    "aws_rds_cluster": ("master_password",),
    "aws_redshift_cluster": ("master_password",),
    "aws_secretsmanager_secret_version": ("secret_string",),
}
"""Attributes that mean a secret."""

_INPUTS = ("variable", "parameter")
_KEPT = ("data.aws_secretsmanager_secret_version", "data.aws_secretsmanager_random_password", "data.aws_ssm_parameter")


def inputs(view: View, value: Setting) -> tuple[Declared, ...]:
    """The variables and parameters that a value comes from, by reference or by their default."""
    found: dict[str, Declared] = {}
    for part in parts(value):
        for reference in part.references:
            declared = view.graph.by_address.get(reference.address)
            if declared is not None and declared.type in _INPUTS:
                found[declared.address] = declared
        origins = {because.span for because in part.origin}
        if origins:
            for declared in view.of(_INPUTS):
                if default(declared).span in origins:
                    found[declared.address] = declared
    return tuple(found.values())


def default(declared: Declared) -> Setting:
    """The default of a variable or parameter; Known(None) where there is none."""
    return declared.attributes.get("Default", declared.attributes.get("default", Known(None)))


def is_hidden(declared: Declared) -> bool:
    """Whether a variable or parameter is marked as secret; what is ephemeral is in no plan or state either.

    Source: Terraform language, Use ephemeral values.
    """
    marks = (declared.attributes.get(name) for name in ("NoEcho", "sensitive", "ephemeral"))
    return any(isinstance(mark, Known) and as_bool(mark.it) is True for mark in marks)


def stands_in_clear(view: View, value: Setting, owner: str) -> Truth:
    """Whether a secret can be read in the template, or in what people see of its inputs.

    A literal can, a default of a parameter or variable too, and a CloudFormation parameter without `NoEcho`. Dynamic
    references and secrets looked up elsewhere cannot.
    """
    if isinstance(value, Choice):
        arms = [stands_in_clear(view, arm, owner) for _, arm in value.arms]
        states = {arm.state for arm in arms}
        met = frozenset(one.variable for one in choices(value))
        if len(states) == 1:
            return Truth(states.pop(), tuple(arms), met)
        return unknown(f"it depends on {value.variable}", value.span, owner, met)
    if isinstance(value, Known):
        if value.it is None or value.it == "":
            return no("no secret is given", value.span, owner)
        return Truth(State.YES, (Because("the secret is written in the template", value.span, owner), *value.origin))
    return _unknown_stands(view, value, owner)


def _unknown_stands(view: View, value: Unknown[object], owner: str) -> Truth:
    if is_resolved(value):
        return no("it is a dynamic reference", value.span, owner)
    given = inputs(view, value)
    for declared in given:
        if declared.type == "parameter" and not is_hidden(declared):
            return yes(f"parameter {name_of(declared)} has no `NoEcho`", value.span, owner)
    if given:
        return no("it is given from outside", value.span, owner)
    for reference in value.references:
        found = view.graph.by_address.get(reference.address)
        if found is not None and found.type in _KEPT:
            return no("it is looked up where secrets are kept", value.span, owner)
        if found is not None and found.type in ("random_password", "random_string"):
            return yes("the generated secret stands in the state", value.span, owner)
    return unknown(f"the secret is unknown: {value.why}", value.span, owner)


def is_generated(view: View, value: Setting) -> Truth:
    """Whether Terraform generates it, so that it stands in the state only."""
    target = view.target(value, ("random_password", "random_string"))
    return known(
        target is not None and not isinstance(value, Known),
        "Terraform generates it",
        value.span,
        otherwise="it is not generated",
    )


def is_resolved(value: Setting) -> bool:
    """Whether it is a dynamic reference to a secret kept elsewhere."""
    pieces = value.parts if isinstance(value, Unknown) else None
    return any(it.address.startswith("resolve:") for it in value.references) or any(
        piece is not None and "{{resolve:" in piece for piece in pieces or ()
    )


def name_of(declared: Declared) -> str:
    """What its author calls a variable or parameter."""
    return declared.address.rpartition(".")[2]


def carries(view: View, name: str, value: Setting, owner: str) -> Truth:
    """Whether what a program is handed under a name is a secret: by its form, or by the name and its origin.

    The id of an access key counts: a program that is handed one works with a key for good.
    Source: AWS Security Hub ECS.8, CodeBuild.2.
    """
    form = form_of(text_in(value))
    if form is not None:
        return yes(f"`{name}` holds {form}", value.span, owner)
    if not is_secret_name(name) and name != "AWS_ACCESS_KEY_ID":
        return no(f"`{name}` is no secret by its name", value.span, owner)
    if isinstance(value, Choice):
        arms = [carries(view, name, arm, owner) for _, arm in value.arms]
        met = frozenset(one.variable for one in choices(value))
        states = {arm.state for arm in arms}
        return Truth(states.pop() if len(states) == 1 else State.UNKNOWN, tuple(arms), met)
    if isinstance(value, Known):
        text = str(value.it or "")
        plain = len(text) < 4 or text.isdigit() or text.lower() in ("true", "false", "null", "none")
        somewhere = text.startswith(("arn:", "http:", "https:", "/", "alias/"))
        kept = f"`{name}` says where the secret is" if somewhere else f"`{name}` holds no secret"
        return known(not (plain or somewhere), f"`{name}` is given in clear", value.span, owner, otherwise=kept)
    if is_resolved(value) or (any(value.parts or ()) and (value.parts or ("",))[0] in ("arn:", "https://")):
        return no(f"`{name}` says where the secret is", value.span, owner)
    return _flows(view, name, value, owner)


_WHERE = ("arn", "id", "name", "url", "endpoint", "")


def _flows(view: View, name: str, value: Unknown[object], owner: str) -> Truth:
    for declared in inputs(view, value):
        if is_hidden(declared) or is_secret_name(name_of(declared)):
            return yes(f"`{name}` is given the secret {name_of(declared)} in clear", value.span, owner)
    found: list[Truth] = []
    for reference in value.references:
        declared_ = view.graph.by_address.get(reference.address)
        if declared_ is None or declared_.type in _INPUTS:
            continue
        if reference.attribute.lower() in _WHERE:
            found.append(NO)
        elif declared_.type.startswith("random_") or declared_.type in _KEPT or is_secret_name(reference.attribute):
            found.append(yes(f"`{name}` is given a secret in clear", value.span, owner))
    if found:
        return any_of(found) | no(f"`{name}` says where the secret is", value.span, owner)
    return unknown(f"`{name}` is unknown: {value.why}", value.span, owner)
