"""What a page has drawn, in its order, kept for a report."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape


@dataclass(slots=True)
class Sheet:
    """Parts of a page as HTML; escaped by whoever made them.

    Attributes
    ----------
    parts : list of str
        In the order drawn: sentences, tiles, titles, tables, drawings.
    """

    parts: list[str] = field(default_factory=list)

    def add(self, body: str) -> None:
        """Keep a part as it was drawn."""
        self.parts.append(body)

    def add_figure(self, told: str, table_html: str) -> None:
        """Keep what a chart says in words, and its figures."""
        self.parts.append(f'<p class="told">{escape(told)}</p>{table_html}')

    def clear(self) -> None:
        """Forget everything: what was drawn is of other settings than the page's."""
        self.parts.clear()
