// What is chosen, and the same in the address, so that a copy of the address opens the same view.
const Data = JSON.parse(document.getElementById("data").textContent);

const State = (() => {
  const byName = (list) => Object.fromEntries(list.map((item) => [item.name, item]));
  const outcomes = byName(Data.outcomes), scenarios = byName(Data.scenarios);
  const others = Data.scenarios.filter((s) => s.name !== Data.baseline);
  const THEMES = ["system", "light", "dark"];

  const initial = () => ({
    world: Data.worlds[0].name,
    on: others.filter((s, i) => i === 0 || i === others.length - 1 || s.name === "open_by_default").slice(0, 3).map((s) => s.name),
    levers: Data.levers.map(() => 0),
    charts: [...Data.cards].slice(0, 4),
    theme: "system",
    predict: false,
  });
  const state = initial();

  function read() {
    const found = new URLSearchParams(location.hash.slice(1));
    const list = (key) => (found.get(key) || "").split(",").filter(Boolean);
    if (Data.worlds.some((w) => w.name === found.get("world"))) state.world = found.get("world");
    if (found.has("show")) state.on = others.map((s) => s.name).filter((name) => list("show").includes(name));
    list("levers").forEach((text, i) => {
      const place = Number(text);
      if (Data.levers[i] && Number.isInteger(place) && place >= 0 && place < Data.levers[i].labels.length) state.levers[i] = place;
    });
    const charts = list("charts").filter((name) => outcomes[name]);
    charts.slice(0, state.charts.length).forEach((name, i) => { state.charts[i] = name; });
    if (THEMES.includes(found.get("colours"))) state.theme = found.get("colours");
    state.predict = found.has("predict");
  }

  function write() {
    const parts = { world: state.world, show: state.on.join(","), levers: state.levers.join(","), charts: state.charts.join(",") };
    if (!Data.levers.length) delete parts.levers;
    if (state.theme !== "system") parts.colours = state.theme;
    if (state.predict) parts.predict = "first";
    const hash = "#" + Object.entries(parts).map(([k, v]) => `${k}=${v}`).join("&");
    try { history.replaceState(null, "", hash); } catch { /* a browser that forbids it keeps the old address */ }
  }

  const moved = () => state.levers.some((place, i) => Data.levers[i].labels[place] !== "off");
  const cell = () => (moved() ? "grid_" + state.levers.join("_") : Data.baseline);
  const yours = () => "Your levers: " + Data.levers.map((l, i) => [l, l.labels[state.levers[i]]])
    .filter(([, label]) => label !== "off").map(([l, label]) => `${l.title.toLowerCase()}, ${label}`).join("; ");

  // The lines to draw: the baseline first, then what is ticked, then the own levers; the baseline alone while a class predicts.
  function lines() {
    const known = (name, title, look, cellName) => ({ name, title, look, numbers: Data.cells[state.world][cellName] });
    const named = state.predict ? [] : state.on;
    const found = [Data.baseline, ...named].map((name) => known(name, scenarios[name].title, scenarios[name].look, name));
    if (moved() && !state.predict) found.push(known("yours", yours(), Data.yours.look, cell()));
    return found;
  }

  const reset = () => Object.assign(state, initial(), { theme: state.theme });
  const waiting = () => [...state.on.map((name) => scenarios[name].title), ...(moved() ? [yours()] : [])];
  return { state, waiting, outcomes, others, read, write, lines, moved, reset, THEMES };
})();
