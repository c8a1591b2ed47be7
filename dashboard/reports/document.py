"""The one template of reports: a document in the look of the page, for A4, without any link out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from dashboard import theme

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""What a browser may load for a report: nothing but itself."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a report holds; texts are plain, parts are HTML.

    Attributes
    ----------
    language : str
        ``vi`` or ``en``.
    title, subtitle, header : str
        Of what, of which day; the line over each printed page.
    page_of : str
        Word before the page's number.
    sections : sequence of (str, sequence of str)
        Titles, and under each its parts as HTML.
    """

    language: str
    title: str
    subtitle: str
    header: str
    page_of: str
    sections: Sequence[tuple[str, Sequence[str]]]


def html_of(report: Report) -> str:
    """The report as one HTML document."""
    sections = "".join(
        f"<section><h2>{escape(title)}</h2>{''.join(parts)}</section>"
        for title, parts in report.sections
        if parts
    )
    return (
        f'<!DOCTYPE html><html lang="{escape(report.language)}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f"<title>{escape(report.title)}</title>"
        f"<style>{theme.STYLE}{theme.REPORT_STYLE}{_margins(report)}</style></head><body>"
        f'<header class="place"><h1>{escape(report.title)}</h1>'
        f"<p>{escape(report.subtitle)}</p></header><main>{sections}</main></body></html>"
    )


def facts_html(facts: Sequence[tuple[str, str]]) -> str:
    """Names and what they are, both plain, as a list."""
    return (
        '<dl class="facts">'
        + "".join(f"<dt>{escape(name)}</dt><dd>{escape(fact)}</dd>" for name, fact in facts)
        + "</dl>"
    )


def list_html(items: Sequence[str]) -> str:
    """Plain texts, one below the other."""
    return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>"


def file_name(*parts: str, ending: str) -> str:
    """A name that every system takes: lower-case letters and figures of ASCII, and hyphens."""
    plain = unicodedata.normalize("NFKD", "-".join(parts).lower().replace("đ", "d"))
    text = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")
    return f"{text[:80] or 'report'}.{ending}"


def _margins(report: Report) -> str:
    header, page = (_css_text(text) for text in (report.header, report.page_of))
    return (
        f"@page {{ @top-left {{ content: {header}; }}"
        f" @bottom-right {{ content: {page} ' ' counter(page) '/' counter(pages); }} }}"
    )


def _css_text(text: str) -> str:
    """A text as a string of a style sheet, each unusual character by its number."""
    kept = (c if c.isascii() and (c.isalnum() or c in " .,:-") else f"\\{ord(c):x} " for c in text)
    return f'"{"".join(kept)}"'
