"""Rows of a delimited text with their lines, whatever the cells turn out to hold."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from sim.scenario.schedules.found import Sorter
from sim.scenario.suggestions import advice


class Table:
    """A table with a header, read row by row.

    Parameters
    ----------
    text : str
        The whole table.
    path : str
        Its name, for messages.
    sorter : Sorter
        Hears of every row, and of those that are not rows.
    separator : str
        What stands between cells.
    """

    def __init__(self, text: str, *, path: str, sorter: Sorter, separator: str = ",") -> None:
        self.path = path
        self._sorter = sorter
        text = text.removeprefix("\ufeff")
        self._reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        self._is_torn = False
        self.header = [cell.strip() for cell in self._next() or []]
        if not any(self.header):
            sorter.complain("is empty; it begins with a header that names the columns", line=1,
                            path=path)  # fmt: skip
        for name in {each for each in self.header if each and self.header.count(each) > 1}:
            sorter.complain(f"names the column {name} twice", line=1, path=path)

    def lacks(self, *needed: str) -> bool:
        """Whether a column is missing, which is told."""
        missing = [name for name in needed if name not in self.header]
        for name in missing:
            remedy = advice(name, [each for each in self.header if each], kind="it has")
            self._sorter.complain(f"has no column {name}; {remedy}", line=1, path=self.path)
        return bool(missing)

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Line and cells of each row, without the blanks around them; empty lines are framing."""
        while True:
            line = self._reader.line_num + 1
            cells = self._next()
            if self._is_torn or cells is None:
                return
            self._sorter.read()
            if not any(cell.strip() for cell in cells):
                self._sorter.frame()
            elif len(cells) != len(self.header):
                message = f"has {len(cells)} cells, the header {len(self.header)}; give as many"
                self._sorter.reject(line, [("", message)], self.path)
            else:
                yield (
                    line,
                    {name: cell.strip() for name, cell in zip(self.header, cells, strict=True)},
                )

    def _next(self) -> list[str] | None:
        try:
            return next(self._reader, None)
        except csv.Error as error:
            self._is_torn = True
            line = max(1, self._reader.line_num)
            self._sorter.read()
            reason = [("", f"is not a table: {error}; mend the quotes, the rest cannot be read")]
            self._sorter.reject(line, reason, self.path)
            return None
