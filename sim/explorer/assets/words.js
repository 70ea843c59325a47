// Cards, tables and sentences about what is chosen.
const Words = (() => {
  const BETTER = { higher: "higher is better", lower: "lower is better", neutral: "neither way is better" };

  function el(tag, more = {}, ...children) {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(more)) key in node && key !== "list" ? (node[key] = value) : node.setAttribute(key, value);
    node.append(...children);
    return node;
  }
  const swatch = (look) => {
    const dashes = { solid: "", dash: "7 3", dashdot: "7 3 2 3", longdash: "11 4", dot: "2 3", longdashdot: "11 3 2 3" };
    const box = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    box.setAttribute("class", "dash"); box.setAttribute("viewBox", "0 0 30 10"); box.setAttribute("aria-hidden", "true");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    const set = { d: "M0 5H30", stroke: look[0], "stroke-width": 3, "stroke-dasharray": dashes[look[1]] || "" };
    Object.entries(set).forEach(([k, v]) => line.setAttribute(k, v));
    box.append(line);
    return box;
  };

  function verdict(outcome, d) {
    if (!d || d[1] === null) return "unclear";
    if (d[0] === 0 && d[1] === 0 && d[2] === 0) return "same";
    if (!(d[1] > 0 || d[2] < 0)) return "unclear";
    if (outcome.direction === "neutral") return "changed";
    return (d[0] > 0) === (outcome.direction === "higher") ? "better" : "worse";
  }
  const VERDICTS = { better: "better", worse: "worse", unclear: "direction not settled", changed: "differs", same: "identical in every pair" };

  // How one outcome is written: levels and differences each on one scale for all lines.
  function scales(outcome, lines) {
    const all = lines.flatMap((line) => line.numbers[outcome.name].s);
    const gaps = lines.flatMap((line) => (line.numbers[outcome.name].d || []).slice(0, 3));
    const gap = Numbers.scale(outcome.unit, gaps);
    return { level: Numbers.scale(outcome.unit, all), gap: { factor: gap.factor, unit: Numbers.pointsUnit(gap, outcome.unit) } };
  }

  function difference(outcome, line, shown) {
    const d = line.numbers[outcome.name].d;
    const kind = verdict(outcome, d);
    if (kind === "same") return { kind, text: VERDICTS.same };
    if (d[1] === null) return { kind, text: "too few runs for an interval" };
    const often = d[3] === null ? "" : `; better in ${Numbers.share(d[3])} of pairs`;
    const text = `${Numbers.bare(shown.gap, d[0], true)} ${shown.gap.unit} (${Numbers.bare(shown.gap, d[1], true)} to ${Numbers.bare(shown.gap, d[2], true)})`;
    return { kind, text: `${text}, ${VERDICTS[kind]}${often}` };
  }

  function card(outcome, lines) {
    const shown = scales(outcome, lines);
    const rows = lines.flatMap((line) => {
      const [mean, low, , high] = line.numbers[outcome.name].s;
      const range = `${Numbers.bare(shown.level, low)} to ${Numbers.bare(shown.level, high)}`;
      const cell = el("dd", {}, el("b", {}, Numbers.text(shown.level, mean)), " ", el("small", {}, `90 % of runs ${range}`));
      if (line.numbers[outcome.name].d) {
        const gap = difference(outcome, line, shown);
        cell.append(el("span", { className: `gap ${gap.kind}` }, gap.text));
      }
      return [el("dt", {}, swatch(line.look), line.title), cell];
    });
    const head = el("h3", {}, outcome.label, el("small", {}, BETTER[outcome.direction]));
    return el("div", { className: "number" }, head, el("dl", {}, ...rows));
  }

  function tableOf(caption, heads, rows) {
    const head = el("thead", {}, el("tr", {}, ...heads.map((h) => el("th", { scope: "col" }, ...[h].flat()))));
    const body = el("tbody", {}, ...rows.map(([first, ...rest]) => el("tr", {}, el("th", { scope: "row" }, ...[first].flat()), ...rest.map((c) => el("td", {}, ...[c].flat())))));
    const box = el("div", { className: "table", role: "region", tabIndex: 0, "aria-label": caption });
    box.append(el("table", {}, el("caption", {}, el("span", {}, caption)), head, body));
    return box;
  }

  function table(lines) {
    const rows = Data.outcomes.map((outcome) => {
      const shown = scales(outcome, lines);
      const cells = lines.map((line) => {
        const [mean, low, , high] = line.numbers[outcome.name].s;
        const parts = [Numbers.bare(shown.level, mean), el("small", {}, `${Numbers.bare(shown.level, low)} to ${Numbers.bare(shown.level, high)}`)];
        const d = line.numbers[outcome.name].d;
        if (d) {
          const kind = verdict(outcome, d);
          const same = kind === "same" || d[1] === null;
          parts.push(el("span", { className: `gap ${kind}` }, kind === "same" ? "identical" : `${Numbers.bare(shown.gap, d[0], true)} ${shown.gap.unit}`));
          if (!same) parts.push(el("small", {}, `${Numbers.bare(shown.gap, d[1], true)} to ${Numbers.bare(shown.gap, d[2], true)}`));
          if (d[3] !== null) parts.push(el("small", {}, `better in ${Numbers.share(d[3])}`));
        }
        return parts;
      });
      return [[outcome.label, el("small", {}, `${shown.level.unit}; ${BETTER[outcome.direction]}`)], ...cells];
    });
    const heads = ["Outcome", ...lines.map((line) => [swatch(line.look), " ", line.title])];
    return tableOf("Every outcome of what is chosen, with differences to the baseline", heads, rows);
  }

  // Medians and 90 percent ranges, every fourth quarter and the last month.
  function years(outcome, lines) {
    const kept = Data.dates.map((date, i) => [date, i]).filter(([date, i]) => date.slice(5, 7) === "12" || i === Data.dates.length - 1);
    const shown = { factor: outcome.factor };
    const rows = kept.map(([date, i]) => [date.slice(0, 7), ...lines.map((line) => {
      const b = line.numbers[outcome.name].b;
      return [Numbers.bare(shown, b[2][i]), el("small", {}, `${Numbers.bare(shown, b[0][i])} to ${Numbers.bare(shown, b[4][i])}`)];
    })]);
    return tableOf(`${outcome.label}, ${outcome.shown}: median and 90 % of the runs`, ["Month", ...lines.map((l) => l.title)], rows);
  }

  // One line a policy: what the runs settle for the better, for the worse, and how much they leave open.
  function findings(lines, world) {
    const base = lines[0].title;
    const hidden = State.state.predict ? State.waiting() : [];
    if (hidden.length) return [`Predict first: against ${base}, what do you expect of ${hidden.join(" and of ")}? Which outcomes rise, which fall, which will the runs not settle? Then reveal.`];
    if (lines.length === 1) return [`${world.title}: only ${base} is shown. Tick a policy or move a lever.`];
    return lines.slice(1).map((line) => {
      const found = { better: [], worse: [], changed: [], unclear: [], same: [] };
      for (const o of Data.outcomes) if (o.direction !== "neutral") found[verdict(o, line.numbers[o.name].d)].push(o.label[0].toLowerCase() + o.label.slice(1));
      const parts = [["better", "better on average"], ["worse", "worse on average"]].filter(([k]) => found[k].length).map(([k, words]) => `${words}: ${found[k].join(", ")}`);
      const rest = found.unclear.length + found.same.length;
      if (rest) parts.push(parts.length ? `not settled or identical: ${rest} more` : "no outcome with a better direction is settled by these runs");
      return `${line.title} against ${base} – ${parts.join("; ")}.`;
    });
  }

  function csv(lines, world) {
    const quote = (v) => (/[",\n]/.test(String(v)) ? `"${String(v).replace(/"/g, '""')}"` : String(v ?? ""));
    const rows = [["world", "policy", "outcome", "unit", "mean", "p05", "p50", "p95", "difference", "ci95_low", "ci95_high", "p_better"]];
    for (const line of lines) for (const o of Data.outcomes) {
      const { s, d } = line.numbers[o.name];
      rows.push([world.name, line.title, o.name, o.unit, ...s, ...(d || ["", "", "", ""])]);
    }
    return rows.map((row) => row.map(quote).join(",")).join("\n") + "\n";
  }

  return { el, swatch, card, table, years, findings, csv };
})();
