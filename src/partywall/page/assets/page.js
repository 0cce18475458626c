"use strict";
// Choosing a card opens what is known about it; everything works from the keyboard.
(() => {
  const panel = document.getElementById("panel");
  let chosen = null;
  let before = null;

  function element(name, text, className) {
    const it = document.createElement(name);
    if (text) it.textContent = text;
    if (className) it.className = className;
    return it;
  }

  function choose(node) {
    if (chosen === null) before = document.activeElement;
    clear();
    chosen = node;
    const card = drawing.card(node);
    card.classList.add("chosen");
    for (const it of drawing.neighbours(node)) drawing.card(it)?.classList.add("near");
    drawing.light(node);
    const [address, type] = drawing.name(node);
    const close = element("button", "close", "close");
    close.type = "button";
    close.addEventListener("click", shut);
    const about = [...document.querySelectorAll("#findings .finding")].filter((it) =>
      it.dataset.nodes.split(" ").includes(String(node)),
    );
    const parts = [close, element("h2", address), element("p", type, "blocks")];
    for (const reach of card.querySelectorAll(".reach")) parts.push(reach.cloneNode(true), document.createElement("br"));
    parts.push(element("h3", about.length ? `Findings (${about.length})` : "No findings"));
    const list = element("div", "", "findings");
    for (const it of about) {
      const copy = it.cloneNode(true);
      copy.hidden = false;
      copy.open = copy.dataset.state === "gap";
      list.append(copy);
    }
    parts.push(list);
    const diagram = drawing.around(node, choose);
    if (diagram) parts.push(element("h3", "Refers to and is referred to by"), diagram);
    panel.replaceChildren(...parts);
    panel.hidden = false;
    panel.scrollTop = 0;
    panel.focus();
  }

  function clear() {
    for (const it of document.querySelectorAll(".chosen, .near")) it.classList.remove("chosen", "near");
    drawing.light(null);
    chosen = null;
  }

  function shut() {
    if (panel.hidden) return;
    clear();
    panel.hidden = true;
    before?.focus();
    before = null;
  }

  // The nearest card in a direction.
  function step(from, dx, dy) {
    const here = from.getBoundingClientRect();
    let best = null;
    let least = Infinity;
    for (const it of document.querySelectorAll(".card[data-node]")) {
      const box = it.getBoundingClientRect();
      if (it === from || !box.width) continue;
      const x = box.left + box.width / 2 - here.left - here.width / 2;
      const y = box.top + box.height / 2 - here.top - here.height / 2;
      const along = x * dx + y * dy;
      const aside = Math.abs(x * dy) + Math.abs(y * dx);
      const cost = along + 3 * aside;
      if (along > 4 && cost < least) [best, least] = [it, cost];
    }
    best?.focus();
  }

  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  document.addEventListener("click", (event) => {
    const card = event.target.closest(".card[data-node]");
    const show = event.target.closest("[data-show]");
    if (card) choose(Number(card.dataset.node));
    else if (show) {
      const it = drawing.card(Number(show.dataset.show));
      filters.unfold(it);
      it.scrollIntoView({ block: "center" });
      choose(Number(show.dataset.show));
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") shut();
    else if (event.target.matches("input, select, textarea")) return;
    else if (event.key === "/") {
      event.preventDefault();
      filters.focus();
    } else if (STEPS[event.key] && event.target.matches(".card[data-node]")) {
      event.preventDefault();
      step(event.target, ...STEPS[event.key]);
    }
  });

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open]):not(.references)")];
    for (const it of opened) it.open = true;
  });
  addEventListener("afterprint", () => {
    for (const it of opened) it.open = false;
  });

  filters.start();
  drawing.start(choose);
})();
