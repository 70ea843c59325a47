"use strict";
// Draws the figures one after another, so that the page can be read meanwhile; light or dark as the reader's system is.
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const shared = read("shared");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const waiting = [...document.querySelectorAll(".chart[data-figure]")];
  const drawn = new Map();
  const PAPER = 660; // width in pixels of a page when printed

  const settings = (layout, mode) => ({ ...layout, template: shared.templates[mode], autosize: true });
  const mode = () => (dark.matches ? "dark" : "light");

  function draw(box) {
    const figure = read(box.dataset.figure);
    box.textContent = "";
    drawn.set(box, figure);
    Plotly.newPlot(box, figure.data, settings(figure.layout, mode()), shared.config);
  }

  function next() {
    const box = waiting.shift();
    if (!box) return;
    draw(box);
    setTimeout(next, 0);
  }

  function recolour() {
    for (const [box, figure] of drawn) Plotly.react(box, figure.data, settings(figure.layout, mode()), shared.config);
  }

  function forPaper() {
    while (waiting.length) draw(waiting.shift());
    for (const [box, figure] of drawn) {
      const layout = { ...settings(figure.layout, "light"), autosize: false, width: PAPER };
      Plotly.react(box, figure.data, layout, { ...shared.config, responsive: false });
    }
  }

  window.aperturePending = () => waiting.length;
  dark.addEventListener("change", recolour);
  window.addEventListener("beforeprint", forPaper);
  window.addEventListener("afterprint", recolour);
  next();
})();
