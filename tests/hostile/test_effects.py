"""Files are read in one place, and nothing is run or sent: who else touches the world stands here, with the reason."""

from __future__ import annotations

import ast
from pathlib import Path

BARE = {"open", "eval", "exec", "compile", "__import__", "breakpoint", "input"}
METHODS = {
    "read_text", "read_bytes", "write_text", "write_bytes", "listdir", "scandir", "rglob", "iterdir", "glob", "mkdir",
    "makedirs", "unlink", "rmdir", "rename", "chmod", "touch", "symlink_to", "symlink", "isfile", "isdir", "islink",
    "lexists", "stat", "lstat", "system", "popen", "fork", "execv", "spawnv", "kill", "import_module",
    "spec_from_file_location", "chdir", "is_file", "is_dir", "os.open", "os.walk", "os.path.exists", "os.remove",
}  # fmt: skip
"""Calls that read, write, list or run; with a dot only as they are written."""
MODULES = {
    "subprocess", "socket", "ssl", "http", "requests", "pickle", "marshal", "shelve", "ctypes", "pty", "asyncio",
    "multiprocessing", "shutil", "tempfile", "glob", "webbrowser", "ftplib", "smtplib", "code", "runpy", "dbm",
}  # fmt: skip
ALLOWED = {
    "source": "the reader of files",
    "cache": "keeps results of earlier runs in a directory of its own",
    "run": "forks workers, and looks at the times of our own modules",
    "revision": "has git, which fetches nothing, give the files of a revision, into a temporary directory",
    "catalog": "imports the rules, and those of a folder that a person names to have them run",
    "fixture": "finds and copies the fixtures of rules, for their authors",
    "hosts.pytest": "gives each fixture a temporary directory",
    "cli": "imports the command that was typed",
    "cli.baseline": "writes what it is asked to write",
    "cli.graph": "imports the format that was asked for",
    "cli.ledger": "imports the format that was asked for",
    "cli.output": "writes reports, and asks for the width of the terminal",
    "cli.rules": "writes the pages of the rules",
    "cli.since": "lints a laid out revision from the directory in it that is the present one",
    "cli.suppressions": "writes comments into files when it is asked to",
    "cloudformation.sam.policy": "reads data of the package",
    "immutable": "compiles the methods of records, which are made of the names of our own fields",
    "page.document": "reads data of the package",
    "reason.network": "imports its modules when they are asked for",
    "report": "imports the format that was asked for",
    "terraform.functions": "imports the functions",
    "terraform.function_file": "does not follow links to directories",
}


def effects(tree: ast.AST) -> set[str]:
    """What a module imports and calls that is more than thinking."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {it.name for it in node.names if it.name.partition(".")[0] in MODULES}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in MODULES:
            found.add(str(node.module))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BARE:
            found.add(node.func.id)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            written = ast.unparse(node.func)
            if (node.func.attr in METHODS or written in METHODS) and not written.startswith("source."):
                found.add(written)
    return found


def test_one_reader_and_no_other_effects(root: Path) -> None:
    found: dict[str, set[str]] = {}
    for top in (root / "src" / "partywall", root / "rules"):
        for path in top.rglob("*.py"):
            made = effects(ast.parse(path.read_text(encoding="utf-8")))
            if made:
                name = ".".join(path.relative_to(top).with_suffix("").parts).removesuffix(".__init__")
                found[name] = made
    assert {name: made for name, made in found.items() if name not in ALLOWED} == {}
    assert set(ALLOWED) - set(found) == set(), "what is no longer needed"
