/* From the view of a page to Present, and to the code of a frame that shows it elsewhere. */
(function () {
  "use strict";
  const ns = (window.dash_clientside = window.dash_clientside || {});
  const frame = () => `<iframe src="${location.origin}/embed${location.search.replace(/&/g, "&amp;")}" width="100%" height="520" title="Aperture" loading="lazy" style="border:0"></iframe>`;

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      ns.set_props("explore-status", { children: "Code copied" });
    } catch { window.prompt("The code of a frame with this view", text); }
  }
  ns.show = {
    pressed: function () {
      const from = ns.callback_context.triggered_id;
      const clicked = ns.callback_context.triggered.some((t) => t.value);
      if (clicked && from === "show-present") ns.set_props("location", { pathname: "/present", search: location.search });
      if (clicked && from === "show-embed") copy(frame());
      return ns.no_update;
    },
  };
})();
