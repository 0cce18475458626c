"""The pages of the rules in Markdown: an index, and one page for each rule with its examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from partywall.aws.responsibility import aws_side
from partywall.rule import DUTIES, Rule

Examples = Mapping[str, str]
"""Texts of fixtures by file name: `gap.tf`, `met.yaml`, …"""

_LANGUAGES = {"tf": ("Terraform", "hcl"), "yaml": ("CloudFormation", "yaml")}
_SIDES = {
    "network": "The firewall and the network are set up by the customer.",
    "traffic": "What travels is protected by the customer.",
    "encryption": "Encryption at rest, and its keys, are asked for by the customer.",
    "identity": "Who may do what is decided by the customer.",
    "patching": "What runs is kept up to date by the customer, as far as the service leaves it to them.",
    "data": "The data, its backups and its life are the customer's.",
    "logging": "What is recorded, and who looks at it, is the customer's.",
}
_PEERS = {
    "cdk_nag": "cdk-nag", "cfn_nag": "cfn-nag", "checkov": "Checkov", "cis": "CIS AWS Foundations 3.0",
    "cloudrail": "Cloudrail", "fsbp": "AWS Security Hub", "guard": "cfn-guard", "kics": "KICS", "regula": "Regula",
    "semgrep": "Semgrep", "terrascan": "Terrascan", "trivy": "Trivy",
}  # fmt: skip


def index(rules: Sequence[Rule]) -> str:
    """A table of the rules for each duty."""
    lines = [
        "# Rules",
        "",
        f"{len(rules)} rules, by the customer's duty. An id reads: duty, service model, number.",
        "",
    ]
    for duty in DUTIES.values():
        lines += [f"## {duty.capitalize()}", "", _SIDES[duty], "", "| rule | severity | duty | service |"]
        lines.append("| --- | --- | --- | --- |")
        for rule in rules:
            if rule.duty == duty:
                lines.append(f"| [{rule.id}]({rule.id}.md) | {rule.severity.label} | {rule.title} | {rule.service} |")
        lines.append("")
    return "\n".join(lines)


def page(rule: Rule, examples: Examples) -> str:
    """One rule: whose side, why, wrong and right, how to close it, what other tools call it."""
    title, _, manual = rule.doc.partition("\n")
    lines = [
        f"# {rule.id} {rule.name}",
        "",
        f"**{title}**",
        "",
        f"Severity: {rule.severity.label} · Duty: {rule.duty} · Service: {rule.service} ({rule.model})",
        "",
        manual.strip().partition("Instead:")[0].strip(),
        "",
        "## Whose side",
        "",
        f"{aws_side()[rule.model]} {_SIDES[rule.duty]}",
        "",
        "## Instead",
        "",
        _paragraph(rule, "Instead:"),
        "",
    ]
    for stem, head in (("gap", "## Wrong"), ("met", "## Right")):
        shown = [(name, text) for name, text in sorted(examples.items()) if name.startswith(f"{stem}.")]
        if shown:
            lines += [head, ""]
            for name, text in shown:
                dialect, language = _LANGUAGES[name.partition(".")[2]]
                lines += [f"{dialect}:", "", f"```{language}", text.rstrip(), "```", ""]
    lines += ["## What it looks at", ""]
    lines += [f"- `{name}`" for types in rule.resources.values() for name in types]
    lines += ["", "## In other tools", "", *_equivalents(rule), "", "## Sources", "", _paragraph(rule, "Sources:"), ""]
    return "\n".join(lines)


def _paragraph(rule: Rule, word: str) -> str:
    _, _, rest = rule.doc.partition(word)
    text = " ".join(rest.partition("\n\n")[0].split())
    return text[:1].upper() + text[1:]


def _equivalents(rule: Rule) -> list[str]:
    found = sorted(one.partition(":")[::2] for one in rule.same_as)
    if not found:
        return ["None that we know of."]
    return [
        f"- {_PEERS.get(peer, peer)}: {', '.join(f'`{name}`' for _, name in names)}"
        for peer, names in groupby(found, key=lambda it: it[0])
    ]
