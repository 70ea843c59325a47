/* The guided tour: one place after another is lifted out of the page and explained, by mouse or by keyboard. */
(function () {
  "use strict";
  const ns = (window.dash_clientside = window.dash_clientside || {});
  const t = { steps: [], at: 0, box: null, back: null };

  function el(tag, className, text) {
    const node = document.createElement(tag);
    node.className = className;
    if (text) node.textContent = text;
    return node;
  }
  const folded = (node) => node.closest("details:not([open])");
  const seen = (node) => node.getClientRects().length > 0;
  const nodes = (step) => [...document.querySelectorAll(step.place)];
  const places = (steps) => steps.filter((step) => nodes(step).some((node) => seen(node) || folded(node)));
  /* What stands around the place, unfolded if need be. */
  function target(step) {
    const node = nodes(step).find(seen) || nodes(step).find(folded);
    for (let fold = node && folded(node); fold; fold = folded(node)) fold.open = true;
    return node && (node.closest("section, .card, .lever, .tiles, .charts, .toolbar") || node);
  }

  function build() {
    const box = el("div", "tour");
    Object.entries({ role: "dialog", "aria-modal": "false", "aria-labelledby": "tour-title", "aria-describedby": "tour-text", id: "tour", tabindex: "-1" })
      .forEach(([key, value]) => box.setAttribute(key, value));
    const head = el("h2", "tour-title"); head.id = "tour-title";
    const text = el("p", "tour-text"); text.id = "tour-text";
    const count = el("span", "tour-count");
    const previous = el("button", "plain-button", "Back"), next = el("button", "tour-next", "Next"), end = el("button", "plain-button", "End the tour");
    [previous, next, end].forEach((button) => { button.type = "button"; });
    previous.addEventListener("click", () => go(t.at - 1));
    next.addEventListener("click", () => (t.at + 1 < t.steps.length ? go(t.at + 1) : stop()));
    end.addEventListener("click", stop);
    const row = el("div", "tour-row");
    row.append(count, previous, next, end);
    box.append(head, text, row);
    document.body.append(box);
    Object.assign(t, { box, head, text, count, previous, next });
  }
  const unlift = () => document.querySelectorAll(".tour-lifted").forEach((node) => node.classList.remove("tour-lifted"));

  function go(place) {
    if (place < 0) return;
    t.at = place;
    const step = t.steps[place], node = target(step);
    unlift();
    if (!node) { stop(); return; }
    node.classList.add("tour-lifted");
    node.scrollIntoView({ block: node.getBoundingClientRect().height > 0.7 * window.innerHeight ? "start" : "center" });
    t.head.textContent = step.title;
    t.text.textContent = step.text;
    t.count.textContent = `${place + 1} of ${t.steps.length}`;
    t.previous.disabled = place === 0;
    t.next.textContent = place + 1 < t.steps.length ? "Next" : "Done";
    stand(node);
    t.box.focus({ preventScroll: true });
  }
  /* Beside the place where there is room, else at the bottom of the window. */
  function stand(node) {
    const at = node.getBoundingClientRect(), box = t.box.getBoundingClientRect(), gap = 14;
    t.box.style.left = t.box.style.top = t.box.style.bottom = "";
    if (window.innerWidth < 800) { t.box.style.left = ".5rem"; t.box.style.bottom = ".5rem"; return; }
    const right = at.right + gap + box.width < window.innerWidth, left = at.left - gap - box.width > 0;
    const x = right ? at.right + gap : left ? at.left - gap - box.width : Math.max(gap, Math.min(at.left, window.innerWidth - box.width - gap));
    const below = at.bottom + gap + box.height < window.innerHeight;
    const y = right || left ? at.top : below ? at.bottom + gap : at.top - gap - box.height;
    t.box.style.left = x + "px";
    t.box.style.top = Math.max(70, Math.min(y, window.innerHeight - box.height - gap)) + "px";
  }
  function start(steps) {
    if (t.box) return;
    t.steps = places(steps);
    if (!t.steps.length) return;
    t.back = document.activeElement;
    build();
    go(0);
  }
  function stop() {
    unlift();
    t.box?.remove();
    t.box = null;
    if (t.back?.isConnected) t.back.focus({ preventScroll: true });
  }
  document.addEventListener("keydown", (event) => {
    if (!t.box) return;
    if (event.key === "Escape") stop();
    else if (event.key === "ArrowRight" && t.box.contains(document.activeElement)) t.next.click();
    else if (event.key === "ArrowLeft" && t.box.contains(document.activeElement)) t.previous.click();
    else return;
    event.preventDefault();
  });
  window.addEventListener("resize", () => { if (t.box) go(t.at); });
  window.addEventListener("popstate", stop);

  ns.tour = {
    start: function (clicks, steps) {
      if (clicks) start(steps);
      return ns.no_update;
    },
  };
})();
