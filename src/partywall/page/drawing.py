"""A deployment drawn: VPCs as places with the wall around them, and beside them the services that need no network."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from partywall.aws.responsibility import MODELS
from partywall.aws.services import classify
from partywall.check import kind
from partywall.drawing import Drawing, Drawn
from partywall.engine import Finding
from partywall.page.markup import Markup, element
from partywall.reason.network.map import WORLD, SubnetPlace, VpcPlace, Way
from partywall.report.wording import counted
from partywall.rule import DUTIES, Severity

BANDS = {
    "public": ("Public subnets", "routes lead to the internet and back"),
    "inspected": ("Subnets behind a firewall", "routes lead through a middlebox, which may pass traffic on"),
    "unknown": ("Subnets of unknown routes", "where routes lead is not known before deployment"),
    "outbound": ("Private subnets with a way out", "connections start inside only"),
    "closed": ("Closed subnets", "no route leads to the internet"),
}

FEW = 6
"""So many drawings are open at first; of more only the headings show."""


@dataclass(slots=True)
class Nodes:
    """All drawn resources, numbered, with the findings about each."""

    drawings: Sequence[Drawing]
    findings: Sequence[Finding]
    numbers: dict[tuple[int, str], int] = field(default_factory=dict)
    by_owner: dict[tuple[str, str], list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    about: dict[int, list[Finding]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for at, drawing in enumerate(self.drawings):
            for it in drawing.resources:
                number = self.numbers[at, it.address] = len(self.numbers)
                self.by_owner[drawing.deployment, it.address].append((at, number))
        for found in self.findings:
            for number in self.of(found):
                self.about[number].append(found)

    def of(self, finding: Finding) -> list[int]:
        """The nodes that a finding is about: one for each environment it holds in."""
        return [
            number
            for at, number in self.by_owner.get((finding.deployment, finding.address), ())
            if not finding.environments or self.drawings[at].environment in finding.environments
        ]

    def data(self) -> object:
        """What the scripts need: names of nodes, and per drawing edges and ways as numbers."""
        names = [[it.address, it.type] for drawing in self.drawings for it in drawing.resources]
        drawings = [
            {
                "edges": [
                    [self.numbers[at, it.source], self.numbers[at, it.target], it.via] for it in drawing.edges
                ],
                "ways": [
                    {
                        "source": self.numbers.get((at, it.source), -1),
                        "gate": self.numbers.get((at, it.gate), -1),
                        "target": self.numbers[at, it.target],
                        "sure": it.sure,
                    }
                    for it in drawing.network.ways
                ],
                "seams": [
                    {
                        "node": self.numbers[at, it.address],
                        "vpcs": [self.numbers[at, one] for one in it.vpcs if (at, one) in self.numbers],
                        "sure": it.sure,
                    }
                    for it in drawing.network.seams
                ],
            }
            for at, drawing in enumerate(self.drawings)
        ]  # fmt: skip
        return {"nodes": names, "drawings": drawings}


def section(nodes: Nodes) -> Markup:
    """Every drawing."""
    return element("div", *(_Sheet(nodes, at, it).made() for at, it in enumerate(nodes.drawings)), class_="sheets")


class _Sheet:
    """One drawing on its way to markup; what is placed already is not placed again."""

    def __init__(self, nodes: Nodes, at: int, drawing: Drawing) -> None:
        self.nodes, self.at, self.drawing = nodes, at, drawing
        self.by_address = {it.address: it for it in drawing.resources}
        self.left = dict(self.by_address)
        self.ways: dict[str, list[Way]] = defaultdict(list)
        for way in drawing.network.ways:
            self.ways[way.target].append(way)
        self.targets: dict[str, list[str]] = defaultdict(list)
        for edge in drawing.edges:
            self.targets[edge.source].append(edge.target)

    def made(self) -> Markup:
        """The sheet."""
        drawing = self.drawing
        size = f"{counted(len(drawing.resources), 'resource')}, {counted(len(drawing.edges), 'reference')}"
        seams = [self._take(it.address, it.kind, it.words) for it in drawing.network.seams]
        vpcs = [self._vpc(it) for it in sorted(drawing.network.vpcs, key=self._rank)]
        outside = [self._model(model) for model in (*MODELS, "")]
        reached = any(way.source == WORLD for way in drawing.network.ways)
        title = drawing.title if drawing.title != "." else "This directory"
        gaps = sum(kind(one) == "gap" for it in drawing.resources for one in self._about(it))
        said = f"{drawing.dialect}: {size}" + (f", {counted(gaps, 'gap')}" if gaps else "")
        return element(
            "details",
            element("summary", element("h3", title, " ", element("small", said))),
            element(
                "div",
                element("p", element("span", "the internet", class_="world"), class_="sky") if reached else None,
                element("div", *vpcs, class_="vpcs") if vpcs else None,
                element("div", *seams, class_="seams") if seams else None,
                element("div", *outside, class_="outside"),
                class_="map",
                data_sheet=self.at,
            ),
            self._ways_in(),
            self._seams(),
            self._references(),
            class_="sheet",
            open=len(self.nodes.drawings) <= FEW,
        )

    def _about(self, it: Drawn) -> Sequence[Finding]:
        return self.nodes.about.get(self.nodes.numbers[self.at, it.address], ())

    def _rank(self, vpc: VpcPlace) -> tuple[bool, bool, int, str]:
        """Where a VPC comes: first what is reached, then what is declared, then what is large."""
        reached = any(self.ways[it.address] for it in vpc.standing)
        return not reached, not vpc.declared, -len(vpc.standing) - len(vpc.subnets), vpc.address

    def _ways_in(self) -> Markup | None:
        """The ways in words, for whoever does not see the lines."""
        items = [
            element(
                "li",
                element("strong", "open" if it.sure else "perhaps", class_="sure" if it.sure else "perhaps"),
                " ", " \N{RIGHTWARDS ARROW} ".join(one for one in (it.source, it.gate, it.target) if one),
                ": ", it.ports,
            )
            for it in self.drawing.network.ways
        ]  # fmt: skip
        if not items:
            return None
        return element(
            "details", element("summary", counted(len(items), "way") + " in"), element("ul", *items), class_="ways"
        )

    def _seams(self) -> Markup | None:
        """What joins the networks, in words."""
        items = [
            element(
                "li",
                f"{it.kind} {it.address}", element("br"),
                " \N{LEFT RIGHT ARROW} ".join(it.vpcs) if it.vpcs else "no network is plugged in",
                ": ", it.words,
            )
            for it in self.drawing.network.seams
        ]  # fmt: skip
        if not items:
            return None
        head = counted(len(items), "connection") + " of networks"
        return element("details", element("summary", head), element("ul", *items), class_="ways")

    def _references(self) -> Markup | None:
        if not self.drawing.edges:
            return None
        return element(
            "details",
            element("summary", f"All references ({len(self.drawing.edges)})"),
            element("div", class_="canvas", tabindex="0", aria_label="Diagram of all references"),
            class_="references",
            data_sheet=self.at,
        )

    # Networks

    def _vpc(self, vpc: VpcPlace) -> Markup:
        head = [self._take(vpc.address)] if vpc.declared else [element("strong", vpc.address)]
        gates = [self._take(address, what) for address, what in vpc.gates]
        seats: dict[tuple[str, ...], list[Markup]] = defaultdict(list)
        for it in vpc.standing:
            seats[it.subnets].append(self._take(it.address, it.kind))
        bands = []
        for name, words in BANDS.items():
            here = [it for it in vpc.subnets if it.openness == name]
            if here:
                bands.append(self._band(name, words, here, seats))
        across = [card for cards in seats.values() for card in cards]
        fittings = self._fittings(vpc)
        return element(
            "section",
            element("div", *gates, class_="gates"),
            element("header", *head, element("span", ", ".join(vpc.blocks), class_="blocks")),
            *bands,
            _across("in subnets of several kinds", across),
            self._cards(fittings, "routes, lists and groups"),
            class_="vpc" if vpc.declared else "vpc unseen",
            aria_label=vpc.address,
        )

    def _band(
        self, name: str, words: tuple[str, str], here: Sequence[SubnetPlace], seats: dict[tuple[str, ...], list[Markup]]
    ) -> Markup:
        known = {it.address for it in here}
        cells = [
            element(
                "div",
                self._take(it.address) if it.declared else element("strong", it.address, class_="unseen"),
                element("span", ", ".join(it.blocks), class_="blocks"),
                *seats.pop((it.address,), ()),
                class_="subnet",
            )
            for it in here
        ]
        spanning = [key for key in seats if known.issuperset(key)]
        across = [card for key in spanning for card in seats.pop(key)]
        return element(
            "div",
            element("h4", words[0], " ", element("small", words[1])),
            element("div", *cells, class_="subnets"),
            _across("in one or several of these", across),
            class_=f"band {name}",
        )

    def _fittings(self, vpc: VpcPlace) -> list[Drawn]:
        """What belongs to a VPC and is no place: whatever of its service refers to it, straight or by others."""
        inside = {vpc.address, *(it.address for it in vpc.subnets), *(address for address, _ in vpc.gates)}
        inside |= {it.address for it in vpc.standing}
        found: dict[str, Drawn] = {}
        grown = vpc.declared
        while grown:
            grown = False
            for address, it in self.left.items():
                if address not in found and _is_network(it) and any(one in inside for one in self.targets[address]):
                    found[address] = it
                    inside.add(address)
                    grown = True
        for address in found:
            del self.left[address]
        return list(found.values())

    # Everything else

    def _model(self, model: str) -> Markup | None:
        """The services of one model that stand in no network; "" for those of no known service."""
        services: dict[str, list[Drawn]] = defaultdict(list)
        for it in self.left.values():
            service = classify(it.type)
            if (service.model if service else "") == model:
                services[service.name if service else "other"].append(it)
        groups = [
            element(
                "section",
                element("h5", name, " ", element("small", str(len(held)))),
                self._cards(held),
                class_="service",
            )
            for name, held in sorted(services.items())
        ]
        if not groups:
            return None
        title = {"account": "The account", "": "Other things"}.get(model, f"{model.capitalize()} services")
        if model == "infrastructure":
            title = "Infrastructure outside a VPC"
        return element("section", element("h4", title), element("div", *groups, class_="services"), class_="model-out")

    def _cards(self, held: Iterable[Drawn], name: str = "") -> Markup | None:
        """Cards for what has something open or unknown, and behind a line those about which there is nothing to say."""
        cards: list[Drawn] = []
        quiet: list[Drawn] = []
        for it in held:
            (cards if self._weight(it) else quiet).append(it)
        cards.sort(key=lambda it: (-self._weight(it), it.address))
        if not cards and not quiet:
            return None
        chips = element("div", *(self._card(it) for it in quiet), class_="chips")
        words = f"{len(quiet)} {'more ' if cards else ''}{name or 'with nothing open'}".replace("  ", " ")
        return element(
            "div",
            element("div", *(self._card(it) for it in cards), class_="cards") if cards else None,
            element("details", element("summary", words), chips, class_="quiet") if quiet else None,
            class_="held",
        )

    def _weight(self, it: Drawn) -> int:
        """The severity of the worst gap; 0 where nothing is open."""
        return max((int(one.severity) for one in self._about(it) if kind(one) == "gap"), default=0)

    def _take(self, address: str, what: str = "", said: str = "") -> Markup:
        self.left.pop(address, None)
        return self._card(self.by_address[address], what, said)

    def _card(self, it: Drawn, what: str = "", said: str = "") -> Markup:
        number = self.nodes.numbers[self.at, it.address]
        about = self._about(it)
        service = classify(it.type)
        worst = self._weight(it)
        home, name = _named(it)
        return element(
            "button",
            element("span", what or it.type, element("span", home, class_="home") if home else None, class_="kind"),
            element("span", name, class_="name", title=it.address),
            *_badges(about),
            *(self._reach(way) for way in self.ways[it.address]),
            element("span", said, class_="said") if said else None,
            type="button",
            id=f"node{number}",
            class_=f"card {Severity(worst).label if worst else 'quiet'}",
            data_node=number,
            data_service=service.name if service else "other",
            data_gaps=" ".join(
                sorted({f"{one.rule.id[:3]}/{one.severity.label}" for one in about if kind(one) == "gap"})
            ),
            data_states=" ".join(sorted({kind(one) for one in about})),
            aria_haspopup="dialog",
        )

    @staticmethod
    def _reach(way: Way) -> Markup:
        source = "the internet" if way.source == WORLD else way.source
        words = f"{'from' if way.sure else 'perhaps from'} {source}: {way.ports}"
        return element("span", words, class_="reach" if way.sure else "reach perhaps")


def _named(it: Drawn) -> tuple[str, str]:
    """Where a resource belongs (a module, a nested stack), and what it is called there."""
    before, written, after = it.address.partition(f"{it.type}.")
    home, name = (before.rstrip("."), after) if written else it.address.rpartition(".")[::2]
    return home, it.label or name


def _across(words: str, cards: Sequence[Markup]) -> Markup | None:
    return element("div", element("small", words), *cards, class_="across") if cards else None


def _is_network(it: Drawn) -> bool:
    service = classify(it.type)
    return service is not None and service.name == "vpc"


def _badges(about: Iterable[Finding]) -> Iterator[Markup]:
    """A badge for each duty with something open or unknown: how many gaps, and how bad the worst is."""
    gaps: Mapping[str, list[Finding]] = defaultdict(list)
    unknown: Mapping[str, list[Finding]] = defaultdict(list)
    for it in about:
        held = {"gap": gaps, "unknown": unknown}.get(kind(it))
        if held is not None:
            held[it.rule.id[:3]].append(it)
    badges = []
    for duty, words in DUTIES.items():
        if gaps[duty]:
            worst = max(it.severity for it in gaps[duty]).label
            title = f"{words}: {counted(len(gaps[duty]), 'gap')}, at worst {worst}"
            badges.append(element("span", f"{duty} {len(gaps[duty])}", class_=f"badge {worst}", title=title))
        elif unknown[duty]:
            title = f"{words}: {len(unknown[duty])} unknown"
            badges.append(element("span", f"{duty} ?", class_="badge unknown", title=title))
    if badges:
        yield element("span", *badges, class_="badges")
