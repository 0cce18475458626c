"""Parameter groups: the settings of a database engine, and what the engine does without them."""

from __future__ import annotations

import re

from partywall.aws.rds import Database
from partywall.aws.resource import CONTAINER, Resource, entries, text
from partywall.truth import Truth, known, no, unknown
from partywall.value import Known, Setting, Value, fits, told


class ParameterGroup(
    Resource,
    service="rds",
    model=CONTAINER,
    cloudformation=("AWS::RDS::DBParameterGroup", "AWS::RDS::DBClusterParameterGroup"),
    terraform=("aws_db_parameter_group", "aws_rds_cluster_parameter_group"),
):
    """Engine settings by name."""

    family = text(cfn="Family", tf="family")

    def parameter(self, name: str) -> Setting | None:
        """The value of a parameter, if it is set here."""
        if not self.in_terraform:
            return entries(self.read("Parameters", ())).get(name)
        for item in self.elements((), "parameter"):
            found = entries(item)
            label = found.get("name")
            if isinstance(label, Known) and label.it == name:
                return found.get("value")
        return None

    @property
    def complete(self) -> bool:
        """Whether every parameter's name is known."""
        if not self.in_terraform:
            return isinstance(self.read("Parameters", ()), Known)
        return all(isinstance(entries(item).get("name"), Known) for item in self.elements((), "parameter"))


TLS_PARAMETERS = ("rds.force_ssl", "require_secure_transport")
_FAMILY = re.compile(r"([a-z]+(?:-[a-z]+)*)-?([\d.]+)\Z").match


def forces_tls(database: Database) -> Truth:
    """Whether connections without TLS are refused: by the parameter group, else by the engine's default.

    Source: RDS user guide, sections on SSL/TLS with PostgreSQL, MySQL, MariaDB, SQL Server and Aurora.
    """
    names = database.read(
        ("DBParameterGroupName", "DBClusterParameterGroupName"),
        ("parameter_group_name", "db_cluster_parameter_group_name"),
    )
    found = database.view.target(names, ParameterGroup.cloudformation + ParameterGroup.terraform)
    if found is not None:
        group = ParameterGroup(database.view, found)
        for name in TLS_PARAMETERS:
            value = group.parameter(name)
            if value is not None:
                return fits(value, f"`{name}`", lambda it: str(it).lower() in ("1", "on", "true"), found.address)
        if not group.complete:
            return unknown("a parameter of the group is unknown", group.span, found.address)
        return _forced_by_default(database, group.family)
    if isinstance(names, Known) and (names.it is None or str(names.it).startswith("default.")):
        family = str(names.it).removeprefix("default.")
        return _forced_by_default(database, Known(family, names.span, sensitive=names.sensitive))
    return unknown("the parameter group is not declared here", names.span, database.declared.address)


def _forced_by_default(database: Database, family: Value[str]) -> Truth:
    """What the engine does on its own; where engine or version are left open, the group's family tells them."""
    owner = database.declared.address
    engine, version = database.engine, database.version
    name = engine.it.lower() if isinstance(engine, Known) else None
    release = _release(version.it) if isinstance(version, Known) else None
    named = _FAMILY(family.it) if isinstance(family, Known) else None
    if named is not None:
        name, release = name or named[1], release or _release(named[2])
    place = version.span if isinstance(version, Known) else family.span
    if name is None:
        return unknown("the engine is not known", engine.span, owner)
    called = told(engine if isinstance(engine, Known) else family, name)
    if name in ("mysql", "aurora-mysql", "aurora") or name.startswith("sqlserver"):
        return no(f"{called} accepts plain connections by default", engine.span, owner)
    if name not in ("postgres", "mariadb", "aurora-postgresql"):
        return unknown(f"how {called} forces TLS is not judged", engine.span, owner)
    since = {"postgres": (15,), "mariadb": (11, 8)}.get(name)
    if release is None or (since is not None and release == since[: len(release)] and len(release) < len(since)):
        return unknown("the engine version is not known", version.span, owner)
    number = told(version if isinstance(version, Known) else family, ".".join(map(str, release)))
    text_ = f"{called} {number}"
    if since is None and release[0] > _LAST_OPEN_AURORA_POSTGRESQL:
        return unknown(f"the default of {text_} is not known", place, owner)
    forced = since is not None and release >= since
    return known(forced, f"{text_} {'refuses' if forced else 'accepts'} plain connections by default", place, owner)


_LAST_OPEN_AURORA_POSTGRESQL = 16


def _release(version: str) -> tuple[int, ...] | None:
    """The first two numbers of a version."""
    parts = version.split(".")[:2]
    return tuple(int(part) for part in parts) if all(part.isdecimal() and len(part) < 10 for part in parts) else None
