"""Colours and type of the pages: Mantine's theme, in step with the palette of the figures."""

from __future__ import annotations

from typing import Any

from sim import figures

BLUE = (
    "#e6f3fb", "#cce5f5", "#9bcbeb", "#66afdf", "#3a97d4", "#1f87cb", "#0f7ec4", "#0072b2", "#00649e", "#00568a",
)  # fmt: skip
"""Ten shades around the blue of Okabe and Ito."""

THEME: dict[str, Any] = {
    "primaryColor": "okabe",
    "primaryShade": 8,
    "autoContrast": True,
    "colors": {"okabe": list(BLUE)},
    "fontFamily": figures.FONT,
    "headings": {"fontFamily": figures.FONT, "fontWeight": "650"},
    "defaultRadius": "md",
    "cursorType": "pointer",
    "respectReducedMotion": True,
    "components": {
        "Anchor": {"defaultProps": {"underline": "always"}},
        "Tooltip": {"defaultProps": {"multiline": True, "w": 280, "withArrow": True, "events": {"hover": True, "focus": True, "touch": True}}},
    },
}  # fmt: skip
"""Theme of `dash_mantine_components.MantineProvider`; shade 8 and automatic contrast keep text legible."""
