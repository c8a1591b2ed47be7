"""Drawings that no chart library has: SVG as a picture with an alternative text."""

from __future__ import annotations

import base64
from html import escape

from dashboard import theme


def drawing(shapes: str, *, width: int, height: int, alt: str) -> str:
    """An HTML picture of SVG shapes; as a picture, since Streamlit strips SVG from HTML.

    Parameters
    ----------
    shapes : str
        SVG elements; text in them is escaped already.
    width, height : int
        Of the drawing, in pixels; on the page it is as wide as there is room.
    alt : str
        What a reader without eyes is told.
    """
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}"><style>{theme.DRAWING_STYLE}</style>{shapes}</svg>'
    )
    data = base64.b64encode(svg.encode()).decode()
    source = f"data:image/svg+xml;base64,{data}"
    return f'<img class="drawing" src="{source}" alt="{escape(alt)}">'
