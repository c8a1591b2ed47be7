"""Names of the formats, as on the command line."""

from typing import Literal

TextFormat = Literal["ocel2-json", "xes", "csv", "cloudevents", "vidigi"]
"""Formats that are one text, written from the first character to the last."""

Format = Literal["ocel2-sqlite", TextFormat]
"""All of them."""
