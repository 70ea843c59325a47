/* Tables of AG Grid follow light and dark: its themes look at this attribute of the body. */
(function () {
  "use strict";
  const root = document.documentElement;
  function follow() {
    const mode = root.getAttribute("data-mantine-color-scheme") === "dark" ? "dark" : "light";
    if (document.body) document.body.dataset.agThemeMode = mode;
  }
  new MutationObserver(follow).observe(root, { attributes: true, attributeFilter: ["data-mantine-color-scheme"] });
  document.addEventListener("DOMContentLoaded", follow);
  follow();
})();
