/* What every page shares in the browser: light and dark, keys, the title, the mark in the navigation. */
(function () {
  "use strict";
  const ns = (window.dash_clientside = window.dash_clientside || {});
  const root = document.documentElement;
  if (location.pathname === "/embed" || location.pathname.startsWith("/embed/")) root.dataset.view = "embed";

  const aperture = (window.aperture = window.aperture || {});
  aperture.mode = () => (root.getAttribute("data-mantine-color-scheme") === "dark" ? "dark" : "light");
  aperture.setProps = (id, props) => ns.set_props(id, props);

  /* Figures carry their colours in the template, so a change of mode swaps it (see sim.figures.theme). */
  aperture.templates = null;
  function recolour() {
    const mode = aperture.mode();
    document.querySelectorAll(".ag-theme-quartz, .ag-theme-quartz-dark").forEach((grid) => {
      grid.classList.toggle("ag-theme-quartz-dark", mode === "dark");
      grid.classList.toggle("ag-theme-quartz", mode !== "dark");
    });
    if (ns.set_props && document.getElementById("mode-button")) ns.set_props("mode", { data: mode });
  }
  new MutationObserver(recolour).observe(root, { attributes: true, attributeFilter: ["data-mantine-color-scheme"] });

  function toggleMode() {
    const next = aperture.mode() === "dark" ? "light" : "dark";
    localStorage.setItem("mantine-color-scheme-value", next);
    root.setAttribute("data-mantine-color-scheme", next);
  }

  const typing = (element) => element && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));
  document.addEventListener("keydown", (event) => {
    if (event.key === "?" && !typing(event.target)) {
      document.getElementById("cheat-sheet-button")?.click();
      event.preventDefault();
    } else if (event.altKey && !event.ctrlKey && !event.metaKey && /^Digit[1-9]$/.test(event.code)) {
      document.querySelectorAll("#navigation a")[Number(event.code.slice(5)) - 1]?.click();
      event.preventDefault();
    } else if (event.altKey && event.code === "KeyM") {
      document.getElementById("mode-button")?.click();
      event.preventDefault();
    }
  });

  /* Menus are details: a click elsewhere, an action or Escape closes them. */
  function closeMenus(except) {
    document.querySelectorAll("details.menu[open]").forEach((menu) => { if (menu !== except) menu.open = false; });
  }
  document.addEventListener("click", (event) => closeMenus(event.target.closest(".menu-item") ? null : event.target.closest("details.menu")));
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (menu) { closeMenus(); menu.querySelector("summary").focus(); }
  });

  /* A view goes along from page to page: the links of those that share it carry its query. */
  aperture.carry = function (query) {
    for (const [name, path] of [["explore", "/"], ["compare", "/compare"], ["assumptions", "/assumptions"], ["present", "/present"]]) {
      if (document.getElementById("nav-" + name)) ns.set_props("nav-" + name, { href: path + "?" + query });
    }
  };

  let opened = false;
  ns.shell = {
    cheatSheet: function () {
      opened = !document.querySelector(".mantine-Modal-content");
      return opened;
    },
    toggleMode: function (clicks) {
      if (clicks) toggleMode();
      setTimeout(recolour, 0);
      return aperture.mode() === "dark" ? "Switch to light" : "Switch to dark";
    },
    /* The address follows the page without a new visit: reload, Back and a copied link find the same state. */
    remember: function (query) {
      if (typeof query !== "string") return ns.no_update;
      history.replaceState(history.state, "", location.pathname + "?" + query);
      aperture.carry(query);
      return ns.no_update;
    },
    arrive: function (title, pathname) {
      if (title) document.title = title;
      const here = (pathname || "/").replace(/\/+$/, "") || "/";
      document.querySelectorAll("#navigation a").forEach((link) => {
        if (new URL(link.href).pathname === here) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      });
      return ns.no_update;
    },
  };
})();
