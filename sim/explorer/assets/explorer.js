// Controls and their effects.
(() => {
  const { state } = State;
  const { el, swatch } = Words;
  const at = (id) => document.getElementById(id);
  const world = () => Data.worlds.find((w) => w.name === state.world);
  const charts = [];

  function choice(input, ...parts) { return el("label", { className: "choice" }, input, ...parts); }

  function buildWorlds() {
    at("worlds").append(...Data.worlds.map((w) => {
      const input = el("input", { type: "radio", name: "world", value: w.name });
      input.addEventListener("change", () => { state.world = w.name; show(); });
      return choice(input, w.title);
    }));
  }

  function buildPolicies() {
    const base = Data.scenarios.find((s) => s.name === Data.baseline);
    const fixed = el("input", { type: "checkbox", checked: true, disabled: true });
    at("policies").append(choice(fixed, swatch(base.look), base.title, el("span", { className: "key" }, "baseline")));
    at("policies").append(...State.others.map((s, i) => {
      const input = el("input", { type: "checkbox", value: s.name });
      input.addEventListener("change", () => toggle(s.name, input.checked));
      return choice(input, swatch(s.look), s.title, el("span", { className: "key", "aria-hidden": "true" }, i < 9 ? String(i + 1) : ""));
    }));
  }

  function toggle(name, on) {
    state.on = State.others.map((s) => s.name).filter((n) => (n === name ? on : state.on.includes(n)));
    show();
  }

  function buildLevers() {
    at("lever-box").hidden = !Data.levers.length;
    at("levers").append(...Data.levers.map((lever, i) => {
      const id = `lever-${i}`;
      const input = el("input", { type: "range", id, min: 0, max: lever.labels.length - 1, step: 1, "aria-describedby": `${id}-what` });
      input.addEventListener("input", () => { state.levers[i] = Number(input.value); show(); });
      const name = el("label", { htmlFor: id }, lever.title, el("output", { id: `${id}-value`, htmlFor: id }));
      const ends = el("div", { className: "ends", "aria-hidden": "true" }, el("span", {}, lever.labels[0]), el("span", {}, lever.labels.at(-1)));
      return el("div", { className: "lever" }, name, input, ends, el("small", { className: "note", id: `${id}-what` }, lever.description));
    }));
  }

  function buildCharts() {
    at("charts").append(...state.charts.map((_, i) => {
      const pick = el("select", { className: "pick", "aria-label": `Outcome of chart ${i + 1}` });
      pick.append(...Data.outcomes.map((o) => el("option", { value: o.name }, o.label)));
      pick.addEventListener("change", () => { state.charts[i] = pick.value; show(); });
      const box = el("div", { className: "chart", id: `chart-${i}` });
      const caption = el("figcaption");
      const data = el("div");
      charts.push({ pick, box, caption, data });
      return el("figure", {}, pick, box, caption, el("details", {}, el("summary", {}, "Data table"), data));
    }));
  }

  function showControls() {
    document.querySelectorAll("#worlds input").forEach((input) => { input.checked = input.value === state.world; });
    document.querySelectorAll("#policies input[value]").forEach((input) => { if (!input.disabled) input.checked = state.on.includes(input.value); });
    Data.levers.forEach((lever, i) => {
      const input = at(`lever-${i}`), label = lever.labels[state.levers[i]];
      input.value = state.levers[i];
      input.setAttribute("aria-valuetext", label);
      at(`lever-${i}-value`).textContent = label;
    });
    if (at("world-story").textContent !== world().story) at("world-story").textContent = world().story.trim();
    at("predict").textContent = state.predict ? "Reveal" : "Predict first";
    at("predict").setAttribute("aria-pressed", String(state.predict));
    at("theme").textContent = `Colours: ${state.theme}`;
    if (state.theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = state.theme;
  }

  function showCharts(lines, print = false) {
    charts.forEach(({ pick, box, caption, data }, i) => {
      const outcome = State.outcomes[state.charts[i]];
      pick.value = outcome.name;
      Charts.draw(box, outcome, lines, print);
      const text = outcome.description;
      caption.textContent = text ? text[0].toUpperCase() + text.slice(1) + ". Lines: medians; dark bands: 50 %, light bands: 90 % of the runs." : "";
      data.replaceChildren(Words.years(outcome, lines));
    });
  }

  function show() {
    const lines = State.lines();
    showControls();
    at("sentence").replaceChildren(...Words.findings(lines, world()).map((text) => el("p", {}, text)));
    at("cards").replaceChildren(...Data.cards.map((name) => Words.card(State.outcomes[name], lines)));
    at("table").replaceChildren(Words.table(lines));
    showCharts(lines);
    State.write();
  }

  function save() {
    const blob = new Blob([Words.csv(State.lines(), world())], { type: "text/csv" });
    const link = el("a", { href: URL.createObjectURL(blob), download: "aperture_explorer.csv" });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 0);
  }

  function next(list, value) { return list[(list.indexOf(value) + 1) % list.length]; }
  const keys = {
    w: () => { state.world = next(Data.worlds.map((w) => w.name), state.world); show(); },
    r: () => { State.reset(); show(); },
    p: () => { state.predict = !state.predict; show(); },
    l: () => { state.theme = next(State.THEMES, state.theme); show(); },
    "?": () => (at("keys").open ? at("keys").close() : at("keys").showModal()),
  };

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select, input[type=text]")) return;
    const other = State.others[Number(event.key) - 1];
    const act = keys[event.key.toLowerCase()] || (other && (() => toggle(other.name, !state.on.includes(other.name))));
    if (!act) return;
    event.preventDefault();
    act();
  }

  State.read();
  at("caption").textContent = Data.caption;
  buildWorlds(); buildPolicies(); buildLevers(); buildCharts();
  at("reset").addEventListener("click", keys.r);
  at("predict").addEventListener("click", keys.p);
  at("theme").addEventListener("click", keys.l);
  at("show-keys").addEventListener("click", keys["?"]);
  at("csv").addEventListener("click", save);
  document.addEventListener("keydown", onKey);
  Charts.system.addEventListener("change", show);
  window.addEventListener("hashchange", () => { State.read(); show(); });
  window.addEventListener("beforeprint", () => showCharts(State.lines(), true));
  window.addEventListener("afterprint", () => showCharts(State.lines()));
  show();
  document.documentElement.dataset.ready = "true";
})();
