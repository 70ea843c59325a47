// Numbers as people read them; the rules are those of sim/figures/numbers.py, and a test holds the two together.
const Numbers = (() => {
  const SHARES = ["share", "probability", "fraction"];
  const WHOLE = ["log10", "OOM", "Elo", "HHI", "index", "month", "day", "year"];
  const STEPS = [[1e12, "trillion"], [1e9, "billion"], [1e6, "million"]];
  const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
  const raised = (power) => [...String(power)].map((c) => RAISED[c]).join("");
  const grouped = (text) => { const [whole, rest] = text.split("."); return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest ? "." + rest : ""); };

  function digits(value, sign = false, significant = 3) {
    if (value === 0) return "0";
    const exponent = Number(Math.abs(value).toExponential(significant - 1).split("e")[1]);
    const plus = sign && value > 0 ? "+" : "";
    const minus = value < 0 ? "−" : "";
    const size = Math.abs(value);
    if (exponent >= 7 || exponent < -4) return `${plus}${minus}${(size / 10 ** exponent).toFixed(significant - 1)}×10${raised(exponent)}`;
    return plus + minus + grouped(size.toFixed(Math.max(significant - 1 - exponent, 0)));
  }

  function scale(unit, values) {
    if (SHARES.includes(unit) || unit.startsWith("share of")) return { factor: 100, unit: "%" + unit.slice(unit.split(" ")[0].length) };
    const largest = Math.max(0, ...values.filter((v) => v !== null).map(Math.abs));
    if (WHOLE.some((word) => unit.startsWith(word))) return { factor: 1, unit };
    if (largest >= 1e16) { const power = Math.floor(Math.log10(largest)); return { factor: 10 ** -power, unit: `×10${raised(power)} ${unit}`.trim() }; }
    for (const [size, word] of STEPS) if (largest >= size) return { factor: 1 / size, unit: `${word} ${unit}`.trim() };
    return { factor: 1, unit };
  }

  const bare = (shown, value, sign = false) => (value === null || value === undefined ? "–" : digits(value * shown.factor, sign));
  const text = (shown, value, sign = false) => { const b = bare(shown, value, sign); return b === "–" || !shown.unit ? b : `${b} ${shown.unit}`; };
  // A difference of shares is in percentage points.
  const pointsUnit = (shown, unit) => (SHARES.includes(unit) ? shown.unit.replace("%", "points") : shown.unit);
  const share = (p) => (p > 0 && p < 0.01 ? "under 1 %" : p > 0.99 && p < 1 ? "over 99 %" : `${Math.round(100 * p)} %`);
  return { digits, scale, bare, text, pointsUnit, share };
})();
