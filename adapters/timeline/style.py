"""How pictures look: in light and dark, in print, and without telling colours apart.

Colours are those of Okabe and Ito; each bucket has a pattern of its own besides.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LIGHT: Final[Mapping[str, str]] = {
    "paper": "#ffffff",
    "ink": "#1a1c1e",
    "soft": "#565c63",
    "rule": "#c9ced4",
    "panel": "#f4f6f8",
    "sent": "#0b5cad",
    "got": "#1a1c1e",
    "warn": "#a33b00",
    "matched": "#0072b2",
    "remaining": "#e69f00",
    "cancelled": "#8c9196",
    "lapsed": "#cc79a7",
    "voided": "#d55e00",
}
DARK: Final[Mapping[str, str]] = {
    "paper": "#15181c",
    "ink": "#e8eaed",
    "soft": "#a9b1ba",
    "rule": "#454c55",
    "panel": "#1e2329",
    "sent": "#7db8f0",
    "got": "#e8eaed",
    "warn": "#ff9d66",
    "matched": "#4aa8dd",
    "remaining": "#f0b429",
    "cancelled": "#a4abb3",
    "lapsed": "#dd9bc0",
    "voided": "#f07f3c",
}


def _variables(colours: Mapping[str, str]) -> str:
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())


COLOURS: Final = (
    f":root{{color-scheme:light dark;{_variables(LIGHT)}}}"
    f"@media (prefers-color-scheme:dark){{:root{{{_variables(DARK)}}}}}"
    f"@media print{{:root{{color-scheme:light;{_variables(LIGHT)}}}}}"
)
"""The colours by their names, for light, dark and paper."""

PICTURES: Final = (
    ".picture{font-family:system-ui,'DejaVu Sans',sans-serif;font-size:12px;"
    "background:var(--paper)}"
    ".picture text{fill:var(--ink)}"
    ".picture .ground{fill:var(--paper)}"
    ".picture .soft{fill:var(--soft)}"
    ".picture .small{fill:var(--soft);font-size:11px}"
    ".picture .clock{fill:var(--soft);font-size:11px;font-variant-numeric:tabular-nums}"
    ".picture .head{font-size:13px;font-weight:600}"
    ".picture .name{font-size:15px;font-weight:600}"
    ".picture .label{font-weight:600}"
    ".picture .after{fill:var(--soft);font-size:11px}"
    ".picture .warn{fill:var(--warn);font-size:11px;font-weight:600}"
    ".picture .life{stroke:var(--rule);stroke-width:2}"
    ".picture .pause{stroke:var(--rule);stroke-width:2;stroke-dasharray:2 5}"
    ".picture .rule{stroke:var(--rule);stroke-width:1}"
    ".picture .sent,.picture .got,.picture .unsure{stroke-width:1.5;fill:none}"
    ".picture .sent{stroke:var(--sent)}"
    ".picture .got{stroke:var(--got)}"
    ".picture .crossed{stroke:var(--warn);stroke-width:2}"
    ".picture .unsure{stroke:var(--warn);stroke-dasharray:3 4}"
    ".picture .tip-sent{fill:var(--sent);stroke:var(--sent)}"
    ".picture .tip-got{fill:var(--got);stroke:var(--got)}"
    ".picture .tip-crossed{fill:var(--warn);stroke:var(--warn)}"
    ".picture .hollow{fill:var(--paper)}"
    ".picture .cross{stroke:var(--warn);stroke-width:2.5}"
    ".picture .edge{fill:none;stroke:var(--ink);stroke-width:1}"
    ".picture .doubt{fill:none;stroke:var(--warn);stroke-width:2.5;stroke-dasharray:7 4}"
    ".picture .grid{stroke:var(--rule);stroke-width:.75}"
    ".picture .risk{fill:none;stroke:var(--warn);stroke-width:2}"
    ".picture .risk-area{fill:var(--warn);opacity:.15}"
    ".picture .hatch{stroke:var(--paper);stroke-width:1.4}"
    ".picture .dot{fill:var(--paper)}"
    + "".join(
        f".picture .{name}{{fill:var(--{name})}}"
        for name in ("matched", "remaining", "cancelled", "lapsed", "voided")
    )
)
"""What the classes in pictures mean."""
