"""Which rules judge, and how much each matters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from partywall.configuration.settings import ConfigurationError, Settings
from partywall.rule import Rule, Severity


def matching(word: str, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules that an id, a prefix of ids or a name means, in any case."""
    low = word.lower().replace("_", "-")
    return tuple(
        rule for rule in rules if rule.name == low or (low and rule.id.lower().startswith(low)) or rule.duty == low
    )


def _meant(word: str, rules: Sequence[Rule]) -> Sequence[Rule]:
    found = rules if word.upper() == "ALL" else matching(word, rules)
    if found:
        return found
    names = [name for rule in rules for name in (rule.id, rule.name)]
    import difflib

    near = difflib.get_close_matches(word.upper(), names, 1) or difflib.get_close_matches(word.lower(), names, 1)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise ConfigurationError(f"no rule is called {word!r}{hint}")


def _weighed(rules: Sequence[Rule], severities: Mapping[str, Severity]) -> tuple[Rule, ...]:
    """The rules with the user's severities; circumstances then change nothing more."""
    own = {rule.id: level for word, level in severities.items() for rule in _meant(word, rules)}
    return tuple(replace(rule, severity=own[rule.id], adjusted=False) if rule.id in own else rule for rule in rules)


def chosen(settings: Settings, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules to judge by: selected ones whatever their severity, else all from the least severity up.

    Severities of the user's own count before anything is chosen. Raises ConfigurationError for a word that means no
    rule.
    """
    rules = _weighed(rules, settings.severity)

    def named(words: Sequence[str]) -> set[str]:
        return {rule.id for word in words for rule in _meant(word, rules)}

    least = settings.min_severity
    if settings.select:
        wanted = named(settings.select)
    else:
        floor = Severity.MEDIUM if least is None else least
        wanted = {rule.id for rule in rules if rule.severity >= floor}
    if least is not None:
        wanted = {rule.id for rule in rules if rule.id in wanted and rule.severity >= least}
    wanted |= named(settings.extend_select)
    wanted -= named(settings.ignore)
    return tuple(rule for rule in rules if rule.id in wanted)
