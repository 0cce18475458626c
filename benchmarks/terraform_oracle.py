"""Compare what we evaluate with what `terraform plan` answers, attribute by attribute.

    python benchmarks/terraform_oracle.py DIRECTORY... [--cache DIR] [--limit N] [--together N]

Every root module at or below the directories is copied, planned offline and compared. Needs the `terraform`
binary and an unpacked AWS provider, which `TF_PLUGIN_MIRROR` may name; plans are kept in the cache, so a second run
costs seconds.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from terraform_comparison import Comparison, compare
from terraform_planner import Planner, reason, sample_values

from partywall import terraform
from partywall.declared import Deployment
from partywall.terraform.files import directories, read_module


def load(root: str, project: str, variables: Mapping[str, str]) -> Deployment:
    """What we make of a root module."""
    return terraform.load(root, variables=variables, variable_files=(), workspace="default", project=project)


def main(arguments: Sequence[str]) -> int:
    """Plan, compare, and print the figures; ends with 1 when something contradicts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directories", nargs="+")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "partywall-oracle")
    parser.add_argument("--limit", type=int, help="only so many roots, chosen by a fixed seed")
    parser.add_argument("--show", type=int, default=40, help="how many contradictions and unknowns to print")
    parser.add_argument("--modules", action="store_true", help="called modules too, as if they were roots")
    parser.add_argument("--together", type=int, metavar="N", help="plan so many roots at once, as modules of one")
    parser.add_argument("--cached", action="store_true", help="only roots whose plan is in the cache")
    parser.add_argument("--match", default="", help="only roots whose path holds this text")
    options = parser.parse_args(arguments)
    found = directories if options.modules else terraform.roots
    roots = [(root, top) for top in options.directories for root in found(top) if options.match in root]
    if options.limit is not None:
        roots = sorted(random.Random(1).sample(roots, min(options.limit, len(roots))))  # noqa: S311 - a sample
    with tempfile.TemporaryDirectory() as work:
        planner = Planner(Path(work), options.cache)
        if options.cached:
            roots = [(root, top) for root, top in roots if planner.kept(root).exists()]
        total, outcomes = _grouped(planner, roots, options.together) if options.together else _all(planner, roots)
    for title, lines in (("contradicted", total.contradicted), ("unknown", total.unknown)):
        print(f"\n{title}: {len(lines)}")
        print("\n".join(f"  {line[:400]}" for line in lines[: options.show]))
    print(f"\nroots tried: {len(roots)}")
    for outcome, count in outcomes.most_common():
        print(f"  {outcome}: {count}")
    share = 100 * total.known / (total.compared - len(total.read) or 1)
    print(
        f"resources {total.resources}, attributes compared {total.compared}, equal {total.known}, "
        f"unknown {len(total.unknown)}, read from AWS {len(total.read)}, contradicted {len(total.contradicted)}, "
        f"known before the plan {total.beyond}; {share:.2f} % known of what needs no AWS"
    )
    return 1 if total.contradicted else 0


def _all(planner: Planner, roots: Sequence[tuple[str, str]]) -> tuple[Comparison, Counter[str]]:
    total, outcomes = Comparison(), Counter[str]()
    for number, (root, top) in enumerate(roots, 1):
        variables = sample_values(root)
        if variables is None:
            outcomes["needs variables"] += 1
            continue
        copy, project = planner.copied(root, top)
        made = planner.plan(copy, root, variables)
        if isinstance(made, str):
            outcomes[reason(made)] += 1
        else:
            outcomes["planned"] += 1
            one = compare(made, load(copy, project, variables))
            for lines in (one.contradicted, one.unknown, one.read):
                lines[:] = [f"{os.path.relpath(root, top)}: {line}" for line in lines]
            total.add(one)
        print(f"\r{number}/{len(roots)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return total, outcomes


def _grouped(planner: Planner, roots: Sequence[tuple[str, str]], size: int) -> tuple[Comparison, Counter[str]]:
    total, outcomes = Comparison(), Counter[str]()
    fitting = []
    for root, _ in roots:
        obstacle = _obstacle(root)
        if obstacle:
            outcomes[obstacle] += 1
        else:
            fitting.append(root)
    for start in range(0, len(fitting), size):
        group = fitting[start : start + size]
        refused, made, top = planner.together(group)
        outcomes.update(reason(text) for text in refused.values())
        outcomes["planned"] += len(group) - len(refused)
        total.add(compare(made, load(top, top, {})))
        print(f"\r{start + len(group)}/{len(fitting)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return total, outcomes


def _obstacle(root: str) -> str | None:
    """Why a root cannot be a module among others."""
    configuration = read_module(root)
    if sample_values(root) is None:
        return "needs variables"
    if any(name.endswith((".tfvars", ".tfvars.json", ".tf.json")) for name in os.listdir(root)):
        return "left out: has values or JSON of its own"
    if any(not kind.startswith("aws_") for _, kind, _ in configuration.resources):
        return "needs another provider"
    if any(block.labels != ("aws",) for block in configuration.providers):
        return "needs another provider"
    return "needs a module that is not on disk" if configuration.modules else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
