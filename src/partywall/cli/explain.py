"""`partywall explain`: a rule's page, found by our id, its name, or another tool's id."""

from __future__ import annotations

import sys
import textwrap

import click

from partywall.cli.catalogue import folders, loaded
from partywall.rule import Rule


@click.command("explain")
@click.argument("word")
@folders
def command(word: str, folders: tuple[str, ...]) -> None:
    """Explain a rule: ENC101, ebs-volume-unencrypted, or another tool's id such as CKV_AWS_3."""
    rules = loaded(folders)
    found = meant(word, rules)
    if not found:
        known = [
            name for rule in rules for name in (rule.id, rule.name, *(it.partition(":")[2] for it in rule.same_as))
        ]
        import difflib

        near = difflib.get_close_matches(word, known, 1) or difflib.get_close_matches(word.upper(), known, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        click.echo(f"partywall: no rule is called {word!r}{hint}", err=True)
        sys.exit(2)
    click.echo("\n\n".join(page(rule) for rule in found))


def meant(word: str, rules: tuple[Rule, ...]) -> list[Rule]:
    """The rules of an id, a name, or another tool's id with or without the tool's name."""
    low = word.lower()
    own = [rule for rule in rules if low in (rule.id.lower(), rule.name)]
    return own or [
        rule for rule in rules if any(low in (it.lower(), it.partition(":")[2].lower()) for it in rule.same_as)
    ]


def page(rule: Rule) -> str:
    """A rule's manual."""
    title, _, rest = rule.doc.partition("\n")
    paragraphs = [" ".join(one.split()) for one in rest.strip().split("\n\n")]
    kinds = [name for types in rule.resources.values() for name in types]
    head = [
        f"{rule.id} {rule.name} ({rule.severity.label})",
        title,
        *(textwrap.fill(one, 80, break_on_hyphens=False) for one in paragraphs),
        textwrap.fill(f"Looks at: {', '.join(kinds)}", 80, break_on_hyphens=False),
    ]
    if rule.same_as:
        head.append(textwrap.fill(f"Same as: {', '.join(rule.same_as)}", 80, break_on_hyphens=False))
    return "\n\n".join(head)
