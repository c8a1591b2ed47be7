"""The look, in one place: colours, the style sheet and how charts are drawn.

Page colours and fonts that Streamlit knows of itself stand in `.streamlit/config.toml`.
Categories differ by colours of Okabe and Ito, which people with any common colour blindness
tell apart, and nothing is said by colour alone: states have a sign and a word as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import Any

INK = "#22303a"
QUIET = "#5d6b76"
LINE = "#ddd7ca"
PAPER = "#fbfaf7"
PANEL = "#efece4"
CARD = "#ffffff"
ACCENT = "#1f5f8b"

OVER = "#c4511d"
"""Above the band: more than people should wait."""
WITHIN = "#3f7fa6"
"""Within the band."""
UNDER = "#b9cfdc"
"""Below the band: more servers than needed."""
BAND = "#d8e6ee"

HEAT = {"below": "#e3ebf0", "within": "#9fc0d3", "above": "#e69a5c", "far": OVER}
"""Steps of the heat map: they differ in lightness too."""

SIGNS = {"sub-optimum": "▲", "optimum": "●", "over-design": "▽"}
COLOURS_OF_VERDICTS = {"sub-optimum": OVER, "optimum": WITHIN, "over-design": QUIET}

COLOUR_OF_KIND = {
    "counter": "#d55e00",
    "kiosk": "#0072b2",
    "bag-drop": "#009e73",
    "id-check": "#cc79a7",
    "id-gate": "#56b4e9",
    "security": "#b8860b",
}
"""Line colour by kind of station; each name also stands at its line."""

SPARE_COLOURS = ("#666666", "#999999", "#8c6bb1", "#444444")
"""For kinds without a colour of their own."""

FONT = '"Source Sans", "Source Sans Pro", "Segoe UI", "Noto Sans", sans-serif'


def colour_range(kinds: Sequence[str]) -> list[str]:
    """A colour for each station in the order given; a second one of a kind gets a spare."""
    free, spare = dict(COLOUR_OF_KIND), cycle(SPARE_COLOURS)
    return [free.pop(kind, None) or next(spare) for kind in kinds]


def chart_config(locale: dict[str, object]) -> dict[str, Any]:
    """Configuration of every Vega-Lite chart.

    Parameters
    ----------
    locale : dict
        Separators of the language's numbers.
    """
    return {
        "background": CARD,
        "font": FONT,
        "locale": {"number": locale},
        "view": {"stroke": None},
        "axis": {
            "labelColor": QUIET,
            "titleColor": QUIET,
            "labelFontSize": 13,
            "titleFontSize": 13,
            "titleFontWeight": "normal",
            "gridColor": "#eeebe3",
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
            "labelLimit": 260,
        },
        "text": {"font": FONT, "fontSize": 13, "color": INK},
    }


DRAWING_STYLE = f"""
text {{ font: 600 12.5px "Source Sans 3", "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
  fill: {INK}; paint-order: stroke; stroke: {CARD}; stroke-width: 3px; }}
.n {{ font-weight: 400; fill: {QUIET}; }}
"""
"""Of the text in drawings; a picture has none of the page's fonts."""

STYLE = f"""
[data-testid="stMainBlockContainer"] {{ max-width: 1320px; padding: 4.4rem 2.4rem 3rem; }}
[data-testid="stHeader"] {{ background: {PAPER}; height: 3rem; padding-left: 1.2rem;
  border-bottom: 1px solid {LINE}; }}
[data-testid="stLayoutWrapper"]:has(> .st-key-unseen) {{ display: none; }}
[data-testid="stSidebarUserContent"] {{ padding: 0 .2rem; }}
[data-testid="stSidebarHeader"] {{ height: 2.2rem; padding-bottom: 0; margin-bottom: 0; }}
[data-testid="stSidebar"] label p {{ font-size: .93rem; color: {INK}; }}
[data-testid="stSidebarUserContent"] [data-testid="stVerticalBlock"] {{ gap: .5rem; }}
[data-testid="stSidebar"] [data-baseweb="select"] {{ font-size: .87rem; }}
[data-testid="stSidebar"] [data-testid="stSliderTickBar"] {{ display: none; }}
[data-testid="stSidebar"] [data-testid="stSlider"] {{ margin-bottom: -.9rem; }}
[data-testid="stExpander"] details {{ border: 0; background: transparent; }}
[data-testid="stExpander"] summary {{ padding: .2rem 0; min-height: 0; color: {QUIET}; }}
[data-testid="stExpander"] summary p {{ font-size: .88rem; }}
[data-testid="stExpanderDetails"] {{ padding: .3rem 0 0; }}

.mark {{ font-size: 1.28rem; font-weight: 700; letter-spacing: -.01em; color: {INK};
  line-height: 1.2; }}
.mark small {{ display: block; font-size: .84rem; font-weight: 400; color: {QUIET};
  letter-spacing: 0; margin-top: .15rem; }}
.group {{ font-size: .78rem; font-weight: 600; letter-spacing: .06em; color: {QUIET};
  text-transform: uppercase; border-bottom: 1px solid {LINE}; padding-bottom: .25rem;
  margin-top: .9rem; }}
.note {{ font-size: .86rem; color: {QUIET}; line-height: 1.4; margin: 0; }}

.place h1 {{ font-size: 1.72rem; font-weight: 650; line-height: 1.2; padding: 0; margin: 0;
  letter-spacing: -.012em; }}
.place p {{ margin: .3rem 0 0; color: {QUIET}; font-size: 1rem; }}

.verdict {{ background: {CARD}; border: 1px solid {LINE}; border-left: 6px solid {WITHIN};
  border-radius: 6px; padding: 1rem 1.3rem; font-size: 1.24rem; line-height: 1.45; }}
.verdict.over {{ border-left-color: {OVER}; }}
.verdict .sign {{ color: {WITHIN}; margin-right: .5rem; }}
.verdict.over .sign {{ color: {OVER}; }}

.tiles {{ display: flex; flex-wrap: wrap; gap: .8rem; }}
.tile {{ flex: 1 1 165px; }}
.tile {{ background: {CARD}; border: 1px solid {LINE}; border-radius: 6px; min-width: 0; }}
.tiles dl.tile {{ margin: 0; padding: .75rem 1rem .7rem; }}
.tile dt {{ font-size: .86rem; font-weight: 400; color: {QUIET}; margin: 0; }}
.tile dd {{ margin: 0; padding: 0; }}
.tile .sign {{ font-size: .7em; margin-right: .3rem; vertical-align: .12em; }}
.tile .was {{ font-size: .88rem; font-weight: 600; }}
.tile .figure {{ white-space: nowrap; font-size: 1.62rem; font-weight: 620; line-height: 1.25;
  letter-spacing: -.015em; font-variant-numeric: tabular-nums; }}
.tile .beside {{ font-size: .88rem; color: {QUIET}; line-height: 1.35; }}
.tile.over .figure {{ color: {OVER}; }}

[class*="st-key-card"] {{ background: {CARD}; border: 1px solid {LINE}; border-radius: 6px;
  padding: 1rem 1.2rem .9rem; }}
.head h2 {{ font-size: 1.1rem; font-weight: 640; padding: 0; margin: 0; }}
.head p {{ font-size: .9rem; color: {QUIET}; margin: .15rem 0 0; line-height: 1.4; }}

.entry {{ display: inline-block; white-space: nowrap; margin-right: 1rem; }}
.key {{ display: inline-block; margin-right: .35rem; }}
.key.band, .key.below, .key.within, .key.above {{ width: .85rem; height: .85rem;
  border-radius: 2px; vertical-align: -.1rem; }}
.key.band {{ background: {BAND}; }} .key.below {{ background: {UNDER}; }}
.key.within {{ background: {WITHIN}; }} .key.above {{ background: {OVER}; }}
.key.heat-below, .key.heat-within, .key.heat-above, .key.heat-far {{ width: .85rem;
  height: .85rem; border-radius: 2px; vertical-align: -.1rem; }}
.key.heat-below {{ background: {HEAT["below"]}; }}
.key.heat-within {{ background: {HEAT["within"]}; }}
.key.heat-above {{ background: {HEAT["above"]}; }} .key.heat-far {{ background: {HEAT["far"]}; }}
.key.dot {{ color: {ACCENT}; }}
.key.line {{ width: 1.15rem; height: .2rem; vertical-align: .22rem; border-radius: 1px; }}

.drawing {{ width: 100%; height: auto; display: block; }}

.scroll, .wide {{ overflow: auto; }}
.scroll {{ max-height: 22rem; background: {CARD}; }}
[data-testid="stExpanderDetails"] .figures {{ font-size: .87rem; }}
[data-testid="stExpanderDetails"] .figures tbody th {{ font-size: .87rem; }}
[data-testid="stExpanderDetails"] .figures :is(td, th) {{ padding: .3rem .4rem; }}
.figures {{ border-collapse: collapse; width: 100%; font-size: .95rem;
  font-variant-numeric: tabular-nums; }}
.figures caption {{ text-align: left; color: {QUIET}; font-size: .86rem; padding: 0 0 .4rem;
  caption-side: top; }}
.figures th {{ text-align: left; font-weight: 600; font-size: .84rem; color: {QUIET};
  border: 0; border-bottom: 1px solid {LINE}; padding: .4rem .6rem; vertical-align: bottom;
  position: sticky; top: 0; background: {CARD}; }}
.figures td, .figures tbody th {{ border: 0; border-bottom: 1px solid #eeebe3;
  padding: .45rem .6rem; }}
.figures tbody th {{ color: {INK}; font-size: .95rem; font-weight: 500; position: static; }}
.figures .number {{ text-align: right; white-space: nowrap; }}
.figures .over {{ color: {OVER}; }}
.wide .figures td, .wide .figures th {{ white-space: nowrap; }}

[class*="st-key-running"] {{ background: {CARD}; border: 1px solid {LINE}; border-radius: 6px;
  padding: .6rem 1rem .8rem; }}
.st-key-stale {{ opacity: .42; transition: opacity .2s; }}
[data-testid="stLayoutWrapper"]:has(> .st-key-run-bar) {{ position: sticky; bottom: 0;
  z-index: 5; padding: .8rem 0 1rem; background: {PANEL};
  box-shadow: -1.6rem 0 {PANEL}, 1.6rem 0 {PANEL};
  border-top: 1px solid {LINE}; }}
@media (max-width: 1180px) {{
  [data-testid="stMainBlockContainer"] {{ padding: 4.4rem 1.3rem 2rem; }}
  .verdict {{ font-size: 1.12rem; }}
  [data-testid="stHorizontalBlock"]:has([class*="st-key-card"]) {{ flex-wrap: wrap; }}
  [data-testid="stHorizontalBlock"]:has([class*="st-key-card"]) > [data-testid="stColumn"] {{
    flex: 1 1 100%; min-width: 100%; }}
}}
"""

REPORT_STYLE = f"""
@page {{ size: A4; margin: 20mm 15mm 18mm; font: 8.5pt {FONT}; color: {QUIET}; }}
body {{ font: 10.5pt/1.45 {FONT}; color: {INK}; max-width: 1000px; margin: 2rem auto;
  padding: 0 1rem; overflow-wrap: anywhere; }}
section > h2 {{ font-size: 1.25rem; border-bottom: 2px solid {ACCENT}; padding-bottom: .2rem;
  margin: 1.6rem 0 .8rem; }}
.head {{ margin-top: 1.2rem; break-after: avoid; }}
.told {{ font-size: .9rem; }}
.facts {{ display: grid; grid-template-columns: minmax(8rem, max-content) minmax(0, 1fr);
  gap: .2rem 1rem; margin: 0; }}
.tiles {{ margin-top: .8rem; }}
.facts dt {{ color: {QUIET}; }} .facts dd {{ margin: 0; }}
.scroll, .wide {{ overflow: visible; max-height: none; }}
.figures th {{ position: static; }}
.wide .figures :is(td, th) {{ white-space: normal; }}
.figures tr, .tile, .verdict {{ break-inside: avoid; }}
@media print {{ body {{ margin: 0; padding: 0; max-width: none; font-size: 9pt; }}
  * {{ print-color-adjust: exact; }} }}
"""
"""Of printed reports, on top of the page's style."""
