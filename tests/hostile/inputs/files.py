"""Files beside the sources, and files without number."""

from __future__ import annotations

from pathlib import Path

from partywall.baseline import Accepted, written
from tests.hostile.inputs.making import VOLUME, hostile, resource, template, terraform


@hostile
def baseline_of_50_mb(at: Path) -> None:
    """A baseline of 50 MB."""
    terraform(at, VOLUME.format(at=0))
    (at / "partywall.toml").write_text('baseline = "baseline.json"\n', encoding="utf-8")
    gaps = {f"{k:032x}": 1 for k in range(1_000_000)}
    (at / "baseline.json").write_text(written({".": Accepted("0" * 32, "0" * 32, gaps)}), encoding="utf-8")


@hostile
def parameters_deep(at: Path) -> None:
    """A file of parameters, and a configuration, with deep nesting."""
    template(at, {"V": resource("AWS::EC2::Volume")})
    (at / "partywall.toml").write_text('parameter-files = ["p.json"]\n', encoding="utf-8")
    (at / "p.json").write_text('{"Parameters": ' + '{"a": ' * 100_000 + "1" + "}" * 100_001, encoding="utf-8")


@hostile
def configuration_deep(at: Path) -> None:
    """A configuration with deep nesting."""
    terraform(at, VOLUME.format(at=0))
    (at / "partywall.toml").write_text("exclude = " + "[" * 100_000 + "]" * 100_000 + "\n", encoding="utf-8")


@hostile
def configuration_of_patterns(at: Path) -> None:
    """A configuration with patterns that backtrack, and many files."""
    for n in range(500):
        terraform(at, VOLUME.format(at=n), f"{'a' * 100}{n}/main.tf")
    (at / "partywall.toml").write_text(
        'exclude = ["'
        + "*a" * 30
        + '*b"]\n[[ignore]]\nrule = "ENC101"\nreason = "x"\npaths = ["'
        + "*a" * 30
        + '*b"]\n',
        encoding="utf-8",
    )


@hostile
def twenty_thousand_files(at: Path) -> None:
    """20,000 small templates in 200 directories."""
    for n in range(20_000):
        place = at / f"d{n // 100}"
        place.mkdir(exist_ok=True)
        template(place, {"V": resource("AWS::EC2::Volume", Size=1)}, f"{n}.json")


@hostile
def twenty_thousand_files_of_one_module(at: Path) -> None:
    """20,000 small files of one root module."""
    for n in range(20_000):
        terraform(at, VOLUME.format(at=n), f"{n}.tf")


@hostile
def directories_deep(at: Path) -> None:
    """Directories 400 deep, with a link to the top in each."""
    place = at
    for _ in range(400):
        place = place / "d"
        place.mkdir()
        (place / "up").symlink_to(at)
    terraform(place, VOLUME.format(at=0))
