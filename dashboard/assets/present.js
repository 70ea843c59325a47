/* Present in the browser: three levers, one chart, and the keys of a presenter. */
(function () {
  "use strict";
  const ns = (window.dash_clientside = window.dash_clientside || {});
  const aperture = window.aperture;
  const REST = 250;
  const PREDICT = "What do you expect? Higher, lower, or not settled?";
  const set = (id, props) => ns.set_props(id, props);
  const page = () => document.getElementById("present-page");
  const p = { state: null, levers: {}, worlds: [], seq: 0, painted: 0, timer: 0, hidden: false, answer: null };
  aperture.present = p;

  const gates = {
    full: new aperture.Gate((request) => set("present-ask-full", { data: request })),
    preview: new aperture.Gate((request) => set("present-ask-preview", { data: request })),
  };
  function ask(tier) {
    document.body.dataset.present = "busy";
    gates[tier].ask({ seq: ++p.seq, query: aperture.view.query(p.state), mode: aperture.mode(), narrow: window.innerWidth < 700 });
  }
  const address = (query, levers) => "?" + query + "&l=" + levers.map(encodeURIComponent).join(",");

  /* ---- levers ---- */
  const now = (path) => {
    const lever = p.levers[path];
    return (lever.scope === "assumption" ? p.state.assumptions[path] : p.state.scenarios[0].values[path]) ?? lever.default;
  };
  function spoken(path) {
    const lever = p.levers[path], text = now(path);
    if (lever.type === "date") return text === "never" ? "never" : aperture.view.spoken(aperture.view.read(text));
    return text.replace("-", "−") + (lever.unit ? " " + lever.unit : "");
  }
  /* Where the slider stands; a value beyond its ends is shown at its end. */
  function position(path) {
    const lever = p.levers[path], text = now(path);
    const place = (value) => (lever.log ? Math.log10(value) : value);
    if (text === "never") return lever.type === "date" ? lever.high + 1 : place(lever.high);
    const value = lever.type === "date" ? aperture.view.read(text) : Number(text);
    return Math.min(Math.max(place(value), place(lever.low)), place(lever.high));
  }
  function written(path, value) {
    const lever = p.levers[path];
    if (lever.type === "date") return value > lever.high ? "never" : aperture.view.written(Math.round(value));
    if (lever.type === "integer") return String(Math.round(value));
    return aperture.view.number(lever.log ? Number((10 ** value).toPrecision(3)) : value);
  }
  function put(path, text) {
    const lever = p.levers[path];
    const table = lever.scope === "assumption" ? p.state.assumptions : p.state.scenarios[0].values;
    if (text === lever.default && lever.scope === "policy") delete table[path];
    else table[path] = text;
  }
  function label() {
    document.querySelectorAll(".present-lever-value").forEach((node) => {
      if (!p.levers[node.dataset.path]) return;
      node.textContent = spoken(node.dataset.path);
      node.closest(".present-lever").querySelector("[role=slider]")?.setAttribute("aria-valuetext", node.textContent);
    });
  }
  function moved() {
    label();
    const query = aperture.view.query(p.state);
    history.replaceState(history.state, "", location.pathname + address(query, Object.keys(p.levers)));
    aperture.carry(query);
    clearTimeout(p.timer);
    ask("preview");
    p.timer = setTimeout(() => ask("full"), REST);
  }

  /* ---- painting ---- */
  function paint(answer, tier) {
    if (!answer || answer.seq === undefined || answer.seq === null) return;
    if (answer.problem) { set("present-difference", { children: answer.problem }); document.body.dataset.present = "idle"; return; }
    if (answer.seq < p.painted) return;
    p.painted = answer.seq;
    p.answer = answer;
    show();
    if (tier === "full" && answer.seq === p.seq) document.body.dataset.present = "idle";
  }
  function show() {
    const { figure, headline, caption, mine } = p.answer;
    const data = p.hidden ? figure.data.map((trace) => (trace.legendgroup === mine ? { ...trace, visible: false } : trace)) : figure.data;
    set("present-graph", { figure: { data: data, layout: figure.layout } });
    set("present-label", { children: headline.label });
    set("present-value", { children: p.hidden ? "?" : headline.value });
    set("present-band", { children: p.hidden ? "" : headline.band });
    set("present-difference", { children: p.hidden ? PREDICT : headline.difference });
    document.getElementById("present-number")?.setAttribute("data-verdict", p.hidden ? "unclear" : headline.verdict);
    set("present-caption", { children: caption });
  }

  /* ---- what is set up anew: the page is asked for again, and the address says which ---- */
  function visit(change, levers) {
    const state = aperture.view.copy(p.state);
    change(state);
    set("location", { search: address(aperture.view.query(state), levers || Object.keys(p.levers)) });
  }
  const fresh = (preset) => ({ preset: preset, add: [], drop: [], values: {} });
  const first = (state, outcome) => { state.outcomes = [outcome, ...state.outcomes.filter((name) => name !== outcome)].slice(0, 4); };
  const choices = {
    preset: (text) => { if (text !== p.state.scenarios[0].preset) visit((s) => { s.scenarios[0] = fresh(text); }, []); },
    outcome: (text) => { if (text !== p.state.outcomes[0]) visit((s) => first(s, text)); },
    world: (text) => { if (text !== (p.state.worlds[0] || "")) visit((s) => { s.worlds = text ? [text] : []; }); },
    levers: (list) => { if (list.length && list.join() !== Object.keys(p.levers).join()) visit(() => {}, list); },
  };

  const keys = {
    o: () => visit((s) => { s.outcomes = [...s.outcomes.slice(1), s.outcomes[0]]; }),
    w: () => choices.world(p.worlds[(p.worlds.indexOf(p.state.worlds[0] || "") + 1) % p.worlds.length]),
    p: () => { p.hidden = !p.hidden; if (p.answer) show(); },
    c: () => page().toggleAttribute("data-clean"),
    f: () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.()),
    r: () => {
      Object.keys(p.levers).forEach((path) => {
        put(path, p.levers[path].default);
        if (p.levers[path].scope === "assumption") delete p.state.assumptions[path];
        set({ type: "present-slider", path: path }, { value: position(path) });
      });
      moved();
    },
  };
  document.addEventListener("keydown", (event) => {
    if (!page() || !p.state || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, textarea, select")) return;
    const slider = document.querySelectorAll(".present-lever [role=slider]")[Number(event.key) - 1];
    const act = slider ? () => slider.focus() : keys[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  });

  const quiet = (work) => function () { if (p.state) work.apply(null, arguments); return ns.no_update; };
  const fired = () => ns.callback_context.triggered.filter((t) => t.value !== undefined && t.value !== null);
  ns.present = {
    begin: function (initial) {
      if (!initial) return ns.no_update;
      Object.assign(p, { state: initial.state, levers: initial.levers, worlds: initial.worlds, painted: 0, answer: null });
      gates.full.clear(); gates.preview.clear();
      label();
      aperture.carry(aperture.view.query(p.state));
      requestAnimationFrame(label);
      ask("full");
      return ns.no_update;
    },
    lever: quiet(() => fired().forEach((trigger) => {
      const { path } = JSON.parse(trigger.prop_id.slice(0, trigger.prop_id.lastIndexOf(".")));
      if (!p.levers[path] || Math.abs(position(path) - trigger.value) < 1e-9) return;
      put(path, written(path, trigger.value));
      moved();
    })),
    choose: quiet(() => fired().forEach((trigger) => choices[trigger.prop_id.split(".")[0].replace("present-", "")](trigger.value))),
    recolour: quiet(() => { if (p.painted && page()) ask("full"); }),
    answer_full: quiet((answer) => { paint(answer, "full"); gates.full.done(0); }),
    answer_preview: quiet((answer) => { paint(answer, "preview"); gates.preview.done(0); }),
  };
})();
