// Fan charts from the quantiles, in the form of sim/figures/fan.py: bands of 90 and 50 percent, then the medians.
const Charts = (() => {
  const PAIRS = [[0, 4, 0.09], [1, 3, 0.16]];
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const mode = () => (State.state.theme === "system" ? (system.matches ? "dark" : "light") : State.state.theme);
  const plain = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const see = (hex, alpha) => `rgba(${[1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)).join(", ")}, ${alpha})`;
  const scaled = (row, factor) => row.map((v) => (v === null ? null : Number((v * factor).toPrecision(6))));

  function folded(text, width) {
    const rows = [""];
    for (const word of text.split(" ")) {
      if (rows.at(-1) && (rows.at(-1) + " " + word).length > width) rows.push(word);
      else rows[rows.length - 1] += (rows.at(-1) ? " " : "") + word;
    }
    return rows.map(plain).join("<br>");
  }

  function traces(outcome, lines) {
    const shared = { type: "scatter", mode: "lines", x: Data.dates };
    const bands = [], medians = [];
    for (const line of lines) {
      const b = line.numbers[outcome.name].b.map((row) => scaled(row, outcome.factor));
      const common = { ...shared, line: { width: 0 }, hoverinfo: "skip", showlegend: false, legendgroup: line.name };
      for (const [low, high, alpha] of PAIRS) {
        bands.push({ ...common, y: b[low] }, { ...common, y: b[high], fill: "tonexty", fillcolor: see(line.look[0], alpha) });
      }
      const form = outcome.log ? ":.3~g" : ":,.3~r";
      medians.push({
        ...shared, y: b[2], customdata: b[0].map((v, i) => [v, b[4][i]]), name: folded(line.title, 34), legendgroup: line.name,
        line: { color: line.look[0], dash: line.look[1], width: 2.5 },
        hovertemplate: `%{fullData.name}<br><b>%{y${form}}</b> ${plain(outcome.shown)} (%{customdata[0]${form}} to %{customdata[1]${form}})<extra></extra>`,
      });
    }
    return [...bands, ...medians];
  }

  function layout(outcome, lines) {
    const rows = lines.reduce((n, line) => n + folded(line.title, 34).split("<br>").length, 0);
    return { ...outcome.layout, template: Data.templates[mode()], height: 330 + 20 * rows, autosize: true };
  }

  function draw(box, outcome, lines, print = false) {
    const settings = layout(outcome, lines);
    if (print) Object.assign(settings, { template: Data.templates.light, autosize: false, width: 640 });
    box.style.minHeight = settings.height + "px";
    return Plotly.react(box, traces(outcome, lines), settings, { ...Data.config, responsive: !print });
  }

  return { draw, mode, system };
})();
