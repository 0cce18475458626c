"""Fetch the layout library that pages carry: `python scripts/vendor_graph_library.py [VERSION]`.

It is dagre (https://github.com/dagrejs/dagre, MIT), taken from the npm registry by npm, which checks its digest. To
refresh it, run this with the new version, look at the pages in a browser, and adapt the version in NOTICE; a test
compares the two.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE, VERSION = "@dagrejs/dagre", "3.1.3"
TARGET = Path(__file__).parent.parent / "src" / "partywall" / "page" / "assets" / "vendor"


def main(version: str) -> None:
    """Put the library, with its licence and version, beside the pages' own scripts."""
    with tempfile.TemporaryDirectory() as place:
        command = ["npm", "pack", "--silent", "--pack-destination", place, f"{PACKAGE}@{version}"]
        subprocess.run(command, check=True)  # noqa: S603 - a fixed command
        (archive,) = Path(place).glob("*.tgz")
        with tarfile.open(archive) as files:
            code = _text(files, "package/dist/dagre.min.js").partition("/*! For license information")[0].rstrip()
            licence = _text(files, "package/LICENSE")
    TARGET.mkdir(parents=True, exist_ok=True)
    # Its licence goes wherever the code goes, which is into every page.
    (TARGET / "dagre.min.js").write_text(
        f"/*! {PACKAGE} {version}\n\n{licence.strip()}\n*/\n{code}\n", encoding="utf-8"
    )
    print(f"{PACKAGE} {version}: {len(code)} characters")


def _text(files: tarfile.TarFile, name: str) -> str:
    found = files.extractfile(name)
    if found is None:
        raise SystemExit(f"{PACKAGE} has no {name}")
    return found.read().decode()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else VERSION)
