/* The state of a view in the browser, and its one form for travel: the query of the address (see dashboard/views.py). */
(function () {
  "use strict";
  const aperture = (window.aperture = window.aperture || {});
  const FIRST = { outcomes: ["cumulative_innovation", "usage_hhi", "ai_attributable_harm", "consumer_surplus"], baseline: "status_quo", months: 120 };
  const safe = (text) => encodeURIComponent(text).replace(/%(3B|3D|2C|7C|3A)/g, decodeURIComponent);

  function variant(one) {
    const values = Object.keys(one.values).map((path) => path + "=" + one.values[path]);
    return [one.preset, ...one.add.map((k) => "*" + k), ...one.drop.map((k) => "-" + k), ...values].join(";");
  }

  aperture.view = {
    variant: variant,
    copy: (state) => JSON.parse(JSON.stringify(state)),
    query: function (state) {
      const parts = { s: state.scenarios.map(variant).join("|") };
      const base = variant(state.baseline);
      if (base !== FIRST.baseline) parts.b = base;
      const set = Object.keys(state.assumptions).map((name) => name + "=" + state.assumptions[name]);
      if (set.length) parts.a = set.join(";");
      if (state.worlds.length) parts.w = state.worlds.join(",");
      if (state.outcomes.join() !== FIRST.outcomes.join()) parts.o = state.outcomes.join(",");
      if (!state.calibrated) parts.e = "chance";
      if (state.runs) parts.d = "runs";
      if (state.seed) parts.n = String(state.seed);
      if (state.months !== FIRST.months) parts.m = String(state.months);
      return ["v=1", ...Object.keys(parts).map((key) => key + "=" + safe(parts[key]))].join("&");
    },
    /* What decides which levers there are. */
    structure: (state) => JSON.stringify([state.scenarios[0].preset, state.scenarios[0].add, state.scenarios[0].drop, Object.keys(state.assumptions)]),
    months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    spoken: (month) => aperture.view.months[month % 12] + " " + Math.floor(month / 12),
    written: (month) => Math.floor(month / 12) + "-" + String((month % 12) + 1).padStart(2, "0"),
    read: (text) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7)) - 1,
    number: (value) => String(Number(Number(value).toPrecision(6))),
  };

  /* As many requests in flight as there are senders, and the latest wins: what came in between is never sent. */
  aperture.Gate = class {
    constructor(...senders) { this.senders = senders; this.since = senders.map(() => 0); this.pending = null; }
    ask(request) { this.pending = request; this.pump(); }
    free() { const now = performance.now(); return this.since.findIndex((since) => !since || now - since > 130000); }
    pump() {
      const place = this.free();
      if (!this.pending || place < 0) return;
      const request = this.pending;
      this.pending = null; this.since[place] = performance.now();
      this.senders[place](request);
    }
    done(place) { this.since[place] = 0; this.pump(); }
    clear() { this.since.fill(0); this.pending = null; }
  };
})();
