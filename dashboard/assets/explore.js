/* Explore in the browser: levers change the state, the state asks for pictures, pictures are painted in order. */
(function () {
  "use strict";
  const ns = (window.dash_clientside = window.dash_clientside || {});
  const aperture = window.aperture;
  const view = aperture.view;
  const REST = 250;
  const LET_GO = 40; /* after the pointer is up nothing more will come but the value that it left */
  const HELD = 700; /* the same while the pointer is down: a slow browser makes pauses that are no rest */
  const set = (id, props) => ns.set_props(id, props);
  const key = (id) => JSON.stringify(id, Object.keys(id).sort());
  const chart = (i) => document.getElementById(key({ type: "explore-chart", index: i }))?.querySelector(".js-plotly-plot");
  const e = { state: null, levers: {}, extra: [], past: [], future: [], seq: 0, painted: 0, signatures: [], structure: "", frames: [], timer: 0, coalesce: "", held: false, letGo: 0 };
  aperture.explore = e;

  const sender = (tier) => (request) => set("explore-ask-" + tier, { data: request });
  const gates = { full: new aperture.Gate(sender("full")), preview: new aperture.Gate(sender("preview"), sender("preview2")) };
  function ask(tier, moving) {
    gates[tier].ask({ seq: ++e.seq, query: view.query(e.state), mode: aperture.mode(), signatures: e.signatures, moving: moving || "" });
  }
  function status(text, busy) {
    set("explore-status", { children: text });
    document.body.dataset.explore = busy ? "busy" : "idle";
  }
  const running = () => status("Running…", true);

  /* ---- state ---- */
  function commit(change, group, quick) {
    const before = view.copy(e.state);
    change(e.state);
    if (view.query(before) === view.query(e.state)) return;
    const now = performance.now();
    if (!(group && group === e.coalesce && now - e.changed < 900)) e.past.push(before);
    e.coalesce = group || ""; e.changed = now; e.future = [];
    if (e.past.length > 100) e.past.shift();
    arrive(quick, group);
  }
  function arrive(quick, moving) {
    const query = view.query(e.state);
    history.replaceState(history.state, "", location.pathname + "?" + query + location.hash);
    set("explore-query", { data: query });
    aperture.carry(query);
    refreshButtons();
    const structure = view.structure(e.state);
    if (structure !== e.structure) { e.structure = structure; rebuild(); }
    running();
    if (quick) { ask("preview", moving); whole(e.held ? HELD : performance.now() - e.letGo < HELD ? LET_GO : REST); } else whole(0);
  }
  function whole(after) {
    clearTimeout(e.timer);
    e.timer = 0;
    if (after) e.timer = setTimeout(() => { e.timer = 0; ask("full"); }, after); else ask("full");
  }
  const rebuild = () => set("explore-structure", { data: { query: view.query(e.state), extra: e.extra } });
  function refreshButtons() {
    set("explore-undo", { disabled: !e.past.length });
    set("explore-redo", { disabled: !e.future.length });
    document.querySelectorAll("#explore-panel .lever").forEach((node) => {
      node.classList.toggle("changed", value(node.dataset.path) !== undefined);
    });
  }
  const value = (path) => (e.levers[path]?.scope === "assumption" ? e.state.assumptions[path] : e.state.scenarios[0].values[path]);
  function put(state, path, text) {
    const lever = e.levers[path];
    const table = lever.scope === "assumption" ? state.assumptions : state.scenarios[0].values;
    if (text === undefined || (lever.scope === "policy" && text === lever.default)) delete table[path];
    else table[path] = text;
  }
  function change(path, text, quick) {
    if (!e.levers[path]) return;
    const now = value(path) ?? e.levers[path].default;
    if (now === text) return;
    commit((state) => put(state, path, text), path, quick);
    show(path, text);
  }

  /* ---- controls follow the state ---- */
  function position(lever, text) {
    if (text === "never") return lever.type === "date" ? lever.high + 1 : lever.log ? Math.log10(lever.high) : lever.high;
    const number = lever.type === "date" ? view.read(text) : Number(text);
    return lever.log ? Math.log10(number) : number;
  }
  function thumb(lever, text) {
    const end = (value) => (lever.log ? Math.log10(value) : value);
    const high = end(lever.high) + (lever.type === "date" && lever.optional ? 1 : 0);
    return Math.min(Math.max(position(lever, text), end(lever.low)), high);
  }
  function show(path, text, all) {
    const lever = e.levers[path];
    const id = (part) => ({ type: "explore-" + part, path: path });
    if (lever.type === "date") {
      set(id("date"), { children: text === "never" ? "never" : view.spoken(view.read(text)) });
      set(id("slider"), { value: thumb(lever, text) });
    } else if (lever.type === "number" || lever.type === "integer") {
      set(id("number"), { value: text === "never" ? "" : Number(text) });
      set(id("slider"), { value: thumb(lever, text) });
    } else if (all && lever.type === "choice") set(id("choice"), { value: text });
    else if (all) set(id("list"), { value: text.split(",") });
  }
  function restore(state) {
    e.state = state;
    if (view.structure(state) === e.structure) Object.keys(e.levers).forEach((path) => show(path, value(path) ?? e.levers[path].default, true));
    set("explore-preset", { value: state.scenarios[0].preset });
    set("explore-baseline", { value: state.baseline.preset });
    set("explore-ensemble", { value: state.calibrated ? "calibrated" : "chance" });
    set("explore-display", { value: state.runs ? "runs" : "bands" });
    set("explore-seed", { value: state.seed });
    set("explore-worlds", { value: state.worlds });
    state.outcomes.forEach((name, i) => set({ type: "explore-outcome", index: i }, { value: name }));
    arrive(false);
  }
  const step = (from, to) => { if (from.length) { to.push(view.copy(e.state)); e.coalesce = ""; restore(from.pop()); } };

  /* ---- painting ---- */
  /* While a lever moves texts go straight into the page: to tell Dash of twenty of them costs more than to draw four charts. */
  function tell(id, text, tier) {
    if (tier === "full") set(id, { children: text });
    const node = document.getElementById(id);
    if (node && node.textContent !== text) node.textContent = text;
  }
  function paint(answer, tier) {
    if (!answer || answer.seq === undefined || answer.seq === null) return;
    if (answer.problem) {
      if (answer.seq >= e.painted && tier === "full") { status(answer.problem, false); set("explore-live", { children: answer.problem }); }
      return;
    }
    if (answer.seq < e.painted) return;
    e.painted = answer.seq;
    answer.charts.forEach((one, i) => {
      const plot = chart(i);
      if (one.changes && plot && plot.data && plot.data.length) {
        Plotly.restyle(plot, { y: one.changes.y, customdata: one.changes.customdata }, one.changes.places);
      } else if (one.figure) set({ type: "explore-chart", index: i }, { figure: one.figure });
      e.signatures[i] = one.signature;
    });
    answer.headlines.forEach((head, i) => {
      for (const part of ["label", "value", "band", "difference"]) tell("explore-" + part + "-" + i, head[part], tier);
      document.getElementById("explore-tile-" + i)?.setAttribute("data-verdict", head.verdict);
    });
    tell("explore-caption", answer.caption, tier);
    if (tier === "full") words(answer);
    requestAnimationFrame(() => e.frames.push([performance.now(), tier, answer.seq]));
  }
  function words(answer) {
    set("explore-timeline-box", { style: { height: answer.timeline.layout.height + "px" } });
    set("explore-timeline", { figure: answer.timeline });
    set("explore-live", { children: answer.live });
    if (answer.seq === e.seq) status("Up to date", false);
  }

  /* ---- what Dash calls ---- */
  function lever(trigger) {
    const id = JSON.parse(trigger.prop_id.slice(0, trigger.prop_id.lastIndexOf(".")));
    const known = e.levers[id.path];
    if (!known || trigger.value === undefined || trigger.value === null) return;
    const part = id.type.replace("explore-", "");
    if (part === "slider") {
      const now = value(id.path) ?? known.default;
      if (Math.abs(thumb(known, now) - trigger.value) < 1e-9) return; /* a value beyond the slider stands at its end */
      let text;
      if (known.type === "date") text = trigger.value > known.high ? "never" : view.written(Math.round(trigger.value));
      else if (known.type === "integer") text = String(Math.round(trigger.value));
      else text = view.number(known.log ? Number((10 ** trigger.value).toPrecision(3)) : trigger.value);
      change(id.path, text, true);
    } else if (part === "number") {
      if (trigger.value !== "" && Number.isFinite(Number(trigger.value))) {
        const text = known.type === "integer" ? String(Math.round(trigger.value)) : view.number(trigger.value);
        if (text !== view.number(value(id.path) ?? known.default)) change(id.path, text, true);
      }
    } else if (part === "choice") change(id.path, trigger.value, false);
    else if (trigger.value.length) change(id.path, order(known, trigger.value).join(","), false);
  }
  const order = (known, words) => { const first = known.default.split(","); return [...first.filter((w) => words.includes(w)), ...words.filter((w) => !first.includes(w))]; };

  const choices = {
    preset: (text) => commit((s) => { s.scenarios[0] = { preset: text, add: [], drop: [], values: {} }; }),
    baseline: (text) => { if (text !== e.state.baseline.preset) commit((s) => { s.baseline = { preset: text, add: [], drop: [], values: {} }; }); },
    ensemble: (text) => commit((s) => { s.calibrated = text === "calibrated"; }),
    display: (text) => commit((s) => { s.runs = text === "runs"; }),
    seed: (number) => { if (Number.isInteger(number) && number >= 0) commit((s) => { s.seed = number; }); },
    worlds: (list) => commit((s) => { s.worlds = list; }),
    add: (kind) => { commit((s) => { const v = s.scenarios[0]; if (v.drop.includes(kind)) v.drop = v.drop.filter((k) => k !== kind); else v.add.push(kind); }); set("explore-add", { value: null }); },
    assume: (name) => { set("explore-assume", { value: null }); if (!e.extra.includes(name)) e.extra.push(name); rebuild(); },
  };
  const clicks = {
    undo: () => step(e.past, e.future),
    redo: () => step(e.future, e.past),
    "reset-all": () => { commit((s) => { s.scenarios[0] = { preset: s.scenarios[0].preset, add: [], drop: [], values: {} }; s.assumptions = {}; }); restore(e.state); },
    link: () => copyLink(),
    keep: () => commit((s) => { if (s.scenarios.length < 4 && !s.scenarios.slice(1).some((v) => view.variant(v) === view.variant(s.scenarios[0]))) s.scenarios.push(view.copy(s.scenarios[0])); }),
    "pin-baseline": () => { commit((s) => { s.baseline = view.copy(s.scenarios[0]); }); set("explore-baseline", { value: e.state.baseline.preset }); },
  };
  async function copyLink() {
    const text = location.href;
    try { await navigator.clipboard.writeText(text); status("Link copied", false); }
    catch { window.prompt("The link of this view", text); }
  }
  function download(i, format) {
    const plot = chart(i), title = document.getElementById("explore-label-" + i).textContent;
    const layout = { ...plot.layout, title: { text: title }, width: 960, height: 560, margin: { l: 60, r: 20, t: 84, b: 60 } };
    Plotly.downloadImage({ data: plot.data, layout: layout }, { format: format, width: 960, height: 560, scale: format === "png" ? 2 : 1, filename: e.state.outcomes[i] });
  }
  function button(id) {
    if (id.type === "explore-reset") {
      if (value(id.path) === undefined) return;
      commit((s) => put(s, id.path, undefined));
      if (e.levers[id.path]) show(id.path, e.levers[id.path].default, true);
    } else if (id.type === "explore-drop") {
      commit((s) => {
        const v = s.scenarios[0];
        if (v.add.includes(id.kind)) v.add = v.add.filter((k) => k !== id.kind); else v.drop.push(id.kind);
        Object.keys(v.values).filter((p) => p.startsWith(id.kind + ".")).forEach((p) => delete v.values[p]);
      });
    } else commit((s) => s.scenarios.splice(id.index, 1));
  }
  /* A bar of the timeline was moved: its ends become dates of the instrument. */
  function timeline(moved) {
    const plot = document.querySelector("#explore-timeline .js-plotly-plot");
    const edges = {};
    Object.keys(moved || {}).forEach((name) => { const found = name.match(/^shapes\[(\d+)\]\.(x0|x1)$/); if (found) (edges[found[1]] = edges[found[1]] || {})[found[2]] = moved[name]; });
    Object.keys(edges).forEach((i) => {
      const bar = plot.layout.meta.bars[i], whole = edges[i].x0 !== undefined && edges[i].x1 !== undefined;
      if (!bar.own) return;
      const month = (date) => { const d = new Date(String(date).replace(" ", "T")); return Math.round(d.getFullYear() * 12 + d.getMonth() + (d.getDate() - 1) / 30); };
      const last = month(plot.layout.meta.end);
      const ends = [edges[i].x0, edges[i].x1].filter((x) => x !== undefined).map(month);
      const start = edges[i].x0 === undefined ? null : whole ? Math.min(...ends) : ends[0];
      const end = edges[i].x1 === undefined ? null : Math.max(...ends);
      if (start !== null) change(bar.kind + ".start", view.written(Math.min(start, last)), false);
      if (end !== null && !(whole && bar.open)) change(bar.kind + ".end", end >= last ? "never" : view.written(end), false);
    });
  }
  const fired = () => ns.callback_context.triggered.filter((t) => t.value !== undefined && t.value !== null);
  const ident = (t) => { const text = t.prop_id.slice(0, t.prop_id.lastIndexOf(".")); return text.startsWith("{") ? JSON.parse(text) : text.replace("explore-", ""); };
  const quiet = (work) => function () { if (e.state) work.apply(null, arguments); return ns.no_update; };

  ns.explore = {
    begin: function (initial) {
      if (!initial) return ns.no_update;
      Object.assign(e, { state: initial, past: [], future: [], signatures: [], frames: [], structure: view.structure(initial), painted: 0, levers: {} });
      gates.full.clear(); gates.preview.clear();
      rebuild();
      set("explore-query", { data: view.query(initial) });
      refreshButtons(); running(); ask("full");
      return ns.no_update;
    },
    opened: quiet((data) => {
      if (!data) return;
      e.levers = data.levers;
      if (data.restore) { e.past.push(view.copy(e.state)); restore(data.state); }
      refreshButtons();
    }),
    lever: quiet(() => fired().forEach(lever)),
    click: quiet(() => fired().forEach((t) => clicks[ident(t)]?.())),
    button: quiet(() => fired().forEach((t) => button(ident(t)))),
    choose: quiet(() => fired().forEach((t) => {
      const id = ident(t);
      if (typeof id === "string") { if (id !== "preset" || t.value !== e.state.scenarios[0].preset) choices[id](t.value); }
      else if (e.state.outcomes[id.index] !== t.value) commit((s) => { s.outcomes[id.index] = t.value; });
    })),
    action: quiet(() => fired().forEach((t) => {
      const id = ident(t);
      if (id.action === "png" || id.action === "svg") download(id.index, id.action);
      if (id.action === "link") copyLink();
    })),
    timeline: quiet(timeline),
    recolour: quiet(() => { if (e.painted) ask("full"); }),
    answer_full: quiet((answer) => { paint(answer, "full"); gates.full.done(0); }),
    answer_preview: quiet((answer) => { paint(answer, "preview"); gates.preview.done(0); }),
    answer_preview2: quiet((answer) => { paint(answer, "preview"); gates.preview.done(1); }),
  };

  /* The hidden input of the upload comes late and has no label of its own. */
  new MutationObserver(() => {
    document.querySelectorAll("#explore-upload input[type=file]:not([aria-label])").forEach((input) => input.setAttribute("aria-label", "Open a saved file"));
  }).observe(document.documentElement, { childList: true, subtree: true });

  document.addEventListener("pointerdown", () => { e.held = true; }, true);
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => { e.held = false; e.letGo = performance.now(); if (e.timer) whole(LET_GO); }, true);

  document.addEventListener("keydown", (event) => {
    const name = { KeyZ: "undo", KeyY: "redo", KeyR: "reset-all" }[event.code];
    if (event.altKey && !event.ctrlKey && name && document.getElementById("explore-page")) {
      clicks[name](); event.preventDefault();
    }
  });
})();
