"use strict";
// What is drawn over the places and beside them: ways in as lines, references as diagrams laid out by dagre.
const drawing = (() => {
  const SVG = "http://www.w3.org/2000/svg";
  const data = JSON.parse(document.getElementById("data").textContent);
  const MANY = 24;
  const HUB = 8;
  let marks = 0;

  function make(name, attributes, ...children) {
    const it = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) it.setAttribute(key, value);
    it.append(...children);
    return it;
  }

  function arrow(name) {
    const head = make("path", { d: "M0,0 L8,4 L0,8 z" });
    return make(
      "defs",
      {},
      make("marker", { id: name, markerWidth: 8, markerHeight: 8, refX: 7, refY: 4, orient: "auto", markerUnits: "userSpaceOnUse" }, head),
    );
  }

  const card = (node) => document.getElementById(`node${node}`);

  // Ways in

  function wires(map) {
    const { ways, seams } = data.drawings[Number(map.dataset.sheet)];
    map.querySelector(".wires")?.remove();
    if (!ways.length && !seams.length) return;
    const frame = map.getBoundingClientRect();
    const name = `arrow${marks++}`;
    const svg = make("svg", { class: "wires", "aria-hidden": "true" }, arrow(name));
    const world = map.querySelector(".world");
    const seen = new Map();
    for (const way of ways) {
      const stops = [way.source < 0 ? world : card(way.source), way.gate < 0 ? null : card(way.gate), card(way.target)];
      const drawn = stops.filter((it) => it && it.getClientRects().length);
      const ends = [way.source, way.gate, way.target].filter((it) => it >= 0);
      for (let at = 0; at + 1 < drawn.length; at++) {
        const line = route(drawn[at], drawn[at + 1], frame);
        const kind = way.sure ? "sure" : "perhaps";
        const key = line + kind;
        const path = seen.get(key) ?? make("path", { d: line, class: kind, "marker-end": `url(#${name})` });
        path.dataset.ends = [path.dataset.ends ?? "", ...ends].join(" ");
        if (!seen.has(key)) svg.append(path);
        seen.set(key, path);
      }
    }
    for (const [lane, seam] of seams.entries()) {
      for (const vpc of seam.vpcs) {
        const wall = card(vpc).closest(".vpc");
        if (!wall || !card(seam.node).getClientRects().length) continue;
        const path = make("path", { d: stitch(card(seam.node), wall, frame, lane % 3), class: seam.sure ? "seam" : "seam perhaps" });
        path.dataset.ends = `${seam.node} ${vpc}`;
        svg.append(path);
      }
    }
    map.append(svg);
  }

  // From what joins networks up the gutter beside a wall, and into the wall from its side; neighbours take lanes.
  function stitch(joint, wall, frame, lane) {
    const from = joint.getBoundingClientRect();
    const to = wall.getBoundingClientRect();
    const x = from.left + from.width / 2 - frame.left;
    const y = from.top - frame.top;
    const foot = to.bottom - frame.top;
    const clear = y - foot < 48;
    if (clear && x > to.left + 24 - frame.left && x < to.right - 24 - frame.left) return `M${x},${y} L${x},${foot}`;
    const side = to.left - 6 - 6 * lane - frame.left;
    const turn = y - 9 - 6 * lane;
    const door = foot - 30 - 14 * lane;
    return bent([[x, y], [x, turn], [side, turn], [side, door], [to.left - frame.left, door]]);
  }

  // Into a gate straight through the air; to a card down the gutter beside its column, so that no text is crossed out.
  function route(start, end, frame) {
    const from = start.getBoundingClientRect();
    const to = end.getBoundingClientRect();
    const x1 = from.left + from.width / 2 - frame.left;
    const y1 = from.bottom - frame.top;
    if (end.closest(".gates")) {
      const x2 = to.left + to.width / 2 - frame.left;
      const y2 = to.top - frame.top;
      const wall = end.closest(".vpc").getBoundingClientRect();
      if (y2 - y1 > 160) {
        const side = wall.left - 16 - frame.left;
        return bent([[x1, y1], [x1, y1 + 16], [side, y1 + 16], [side, y2 - 14], [x2, y2 - 14], [x2, y2]]);
      }
      const bend = Math.max(14, (y2 - y1) / 2);
      return `M${x1},${y1} C${x1},${y1 + bend} ${x2},${y2 - bend} ${x2},${y2}`;
    }
    const column = (end.closest(".subnet, .across, .service") ?? end).getBoundingClientRect();
    const gutter = column.left - 4.5 - frame.left;
    const x2 = to.left - frame.left;
    const y2 = to.top + Math.min(20, to.height / 2) - frame.top;
    if (start.closest(".subnet, .across")) {
      const own = start.closest(".subnet, .across").getBoundingClientRect();
      const side = own.left - 4.5 - frame.left;
      const y = from.top + from.height / 2 - frame.top;
      const left = from.left - frame.left;
      if (Math.abs(side - gutter) < 2) return bent([[left, y], [gutter, y], [gutter, y2], [x2, y2]]);
      const middle = column.top - 5 - frame.top;
      return bent([[left, y], [side, y], [side, middle], [gutter, middle], [gutter, y2], [x2, y2]]);
    }
    const wall = end.closest(".vpc");
    if (start.closest(".gates") || !wall) return bent([[x1, y1], [x1, y1 + 9], [gutter, y1 + 9], [gutter, y2], [x2, y2]]);
    const edge = wall.getBoundingClientRect();
    const side = edge.left - 16 - frame.left;
    const turn = edge.top - 16 - frame.top;
    return bent([[x1, y1], [x1, y1 + 16], [side, y1 + 16], [side, turn], [gutter, turn], [gutter, y2], [x2, y2]]);
  }

  // A line through corners, each rounded.
  function bent(points) {
    let line = `M${points[0]}`;
    for (let at = 1; at + 1 < points.length; at++) {
      const [x, y] = points[at];
      const towards = ([a, b]) => {
        const length = Math.hypot(a - x, b - y) || 1;
        const cut = Math.min(8, length / 2) / length;
        return [(x + (a - x) * cut).toFixed(1), (y + (b - y) * cut).toFixed(1)];
      };
      line += ` L${towards(points[at - 1])} Q${x},${y} ${towards(points[at + 1])}`;
    }
    return `${line} L${points.at(-1)}`;
  }

  function light(node) {
    for (const svg of document.querySelectorAll(".wires")) {
      let some = false;
      for (const path of svg.querySelectorAll("path[data-ends]")) {
        const hot = node !== null && path.dataset.ends.split(" ").includes(String(node));
        path.classList.toggle("hot", hot);
        some ||= hot;
      }
      svg.classList.toggle("some", some);
    }
  }

  // References

  function edgesOf(node) {
    return data.drawings.flatMap((it) => it.edges.filter(([from, to]) => from === node || to === node));
  }

  function neighbours(node) {
    return new Set(edgesOf(node).flatMap(([from, to]) => [from, to]).filter((it) => it !== node));
  }

  function around(node, choose) {
    const edges = edgesOf(node).slice(0, MANY);
    return edges.length ? diagram(edges, node, choose, "LR") : null;
  }

  function whole(sheet, choose) {
    return diagram(data.drawings[sheet].edges, null, choose, "LR");
  }

  const short = (text) => (text.length > 30 ? `${text.slice(0, 14)}…${text.slice(-15)}` : text);

  function diagram(edges, here, choose, direction) {
    const graph = new dagre.graphlib.Graph();
    graph.setGraph({ rankdir: direction, nodesep: 10, ranksep: 46, marginx: 8, marginy: 8 });
    graph.setDefaultEdgeLabel(() => ({}));
    for (const [from, to] of edges) {
      for (const node of [from, to]) {
        const name = short(data.nodes[node][0].replace(`${data.nodes[node][1]}.`, ""));
        graph.setNode(String(node), { width: Math.max(90, Math.max(name.length * 7.3, Math.min(30, data.nodes[node][1].length) * 5.9) + 18), height: 36, name });
      }
      graph.setEdge(String(from), String(to));
    }
    dagre.layout(graph);
    const size = graph.graph();
    const name = `arrow${marks++}`;
    const svg = make(
      "svg",
      { class: "diagram", width: size.width, height: size.height, viewBox: `0 0 ${size.width} ${size.height}`, role: "group" },
      arrow(name),
    );
    for (const edge of graph.edges()) {
      const points = graph.edge(edge).points.map((it) => `${it.x.toFixed(1)},${it.y.toFixed(1)}`);
      // What everybody refers to would hide everything else.
      const hub = here === null && graph.inEdges(edge.w).length > HUB;
      svg.append(make("path", { d: `M${points.join(" L")}`, class: hub ? "faint" : "", "marker-end": `url(#${name})` }));
    }
    for (const key of graph.nodes()) svg.append(box(Number(key), graph.node(key), here, choose));
    return svg;
  }

  function box(node, at, here, choose) {
    const [address, type] = data.nodes[node];
    const title = make("title", {});
    title.textContent = `${address} (${type})`;
    const kind = make("text", { x: 9, y: 13, class: "kind" });
    kind.textContent = short(type);
    const name = make("text", { x: 9, y: 27 });
    name.textContent = at.name;
    const rect = make("rect", { width: at.width, height: at.height, rx: 5 });
    const it = make(
      "g",
      { transform: `translate(${at.x - at.width / 2},${at.y - at.height / 2})`, tabindex: 0, role: "button", "aria-label": address, class: node === here ? "here" : "" },
      title, rect, kind, name,
    );
    it.addEventListener("click", () => choose(node));
    it.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        choose(node);
      }
    });
    return it;
  }

  function start(choose) {
    const maps = [...document.querySelectorAll(".map[data-sheet]")];
    const watch = new ResizeObserver((entries) => {
      for (const it of entries) wires(it.target);
    });
    for (const map of maps) watch.observe(map);
    for (const it of document.querySelectorAll(".references")) {
      it.addEventListener("toggle", () => {
        const canvas = it.querySelector(".canvas");
        if (it.open && !canvas.firstChild) canvas.append(whole(Number(it.dataset.sheet), choose));
      });
    }
  }

  return { start, around, neighbours, light, name: (node) => data.nodes[node], card };
})();
