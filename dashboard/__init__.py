"""The dashboard: explore, compare and share release policies in a browser, without code.

One module a page in `dashboard.pages` (see the contract there); what several pages draw in `dashboard.components`;
what callbacks of several pages share in `dashboard.callbacks`; scripts and styles in ``assets``. Of the simulation,
only the public names of `sim` are imported. Nothing is fetched from any other host.
"""
