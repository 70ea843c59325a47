/* Learn: what is still to be answered, where the reader lands after a reveal, light and dark, printing. */
(function () {
  "use strict";
  const ns = (window.dash_clientside = window.dash_clientside || {});
  const given = (value) => value !== null && value !== undefined && value !== "";

  ns.learn = {
    answered: function (values) {
      const left = values.filter((value) => !given(value)).length;
      const text = left ? `${left} of ${values.length} predictions to go.` : "All predictions made: reveal when you are ready.";
      return [left > 0, text];
    },
    arrive: function (children) {
      if (children) {
        requestAnimationFrame(() => {
          const heading = document.getElementById("learn-findings");
          if (heading) { heading.focus({ preventScroll: true }); heading.scrollIntoView({ block: "start" }); }
        });
      }
      return ns.no_update;
    },
    recolour: function (mode, figures, templates) {
      return figures.map((figure) => (figure ? { ...figure, layout: { ...figure.layout, template: templates[mode] } } : ns.no_update));
    },
    print: function (clicks) {
      if (clicks) window.print();
      return ns.no_update;
    },
  };
})();
