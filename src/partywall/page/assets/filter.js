"use strict";
// Filters: findings that do not match are hidden, cards that do not match are dimmed.
const filters = (() => {
  const form = document.querySelector(".filters");
  const findings = [...document.querySelectorAll("#findings .finding")];
  const cards = [...document.querySelectorAll(".card[data-node]")];

  const words = (text) => text.split(" ").filter(Boolean);

  function wanted() {
    const pressed = (name) =>
      [...form.querySelectorAll(`[data-filter="${name}"][aria-pressed="true"]`)].map((it) => it.value);
    return {
      duties: pressed("duty"),
      severities: pressed("severity"),
      states: pressed("state"),
      service: form.elements.service.value,
      words: form.elements.words.value.trim().toLowerCase(),
    };
  }

  const among = (chosen, value) => chosen.length === 0 || chosen.includes(value);

  function apply() {
    const want = wanted();
    let shown = 0;
    for (const it of findings) {
      const fits =
        among(want.duties, it.dataset.duty) &&
        among(want.severities, it.dataset.severity) &&
        among(want.states, it.dataset.state) &&
        (!want.service || it.dataset.service === want.service) &&
        (!want.words || it.textContent.toLowerCase().includes(want.words));
      it.hidden = !fits;
      shown += fits;
    }
    const picky = want.duties.length > 0 || want.severities.length > 0;
    for (const it of cards) {
      const gaps = words(it.dataset.gaps).map((one) => one.split("/"));
      const open = gaps.some(([duty, severity]) => among(want.duties, duty) && among(want.severities, severity));
      const named = !want.words || it.textContent.toLowerCase().includes(want.words);
      const served = !want.service || it.dataset.service === want.service;
      const fits = (!picky || open) && named && served;
      it.classList.toggle("dim", !fits);
      if (fits && (picky || want.words || want.service)) unfold(it.closest(".quiet"));
    }
    const empty = document.querySelector("#findings .empty");
    if (empty) empty.hidden = shown > 0 || findings.length === 0;
    form.querySelector(".said").textContent = `${shown} of ${findings.length} findings`;
  }

  // Open whatever an element is folded away in, itself included.
  function unfold(it) {
    for (let fold = it?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }

  function start() {
    if (!form) return;
    form.addEventListener("click", (event) => {
      const toggle = event.target.closest("[data-filter]");
      if (!toggle) return;
      toggle.setAttribute("aria-pressed", String(toggle.getAttribute("aria-pressed") !== "true"));
      apply();
    });
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => {
      for (const it of form.querySelectorAll("[data-filter]")) it.setAttribute("aria-pressed", "false");
      setTimeout(apply);
    });
    apply();
  }

  return { start, unfold, focus: () => form && form.elements.words.focus() };
})();
