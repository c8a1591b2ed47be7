"""British spelling, in words for people and in names of our own."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, project_files, python_files

# American form -> British form. Stems end in "-" and stand for any ending.
# Not here: disk, program, license (Apache's own word), dialog, check-in, meter (a device).
AMERICAN = {
    "analyz-": "analys-",
    "artifact-": "artefact-",
    "authoriz-": "authoris-",
    "behavior-": "behaviour-",
    "cancel(ed|ing)": "cancelled, cancelling",
    "catalog": "catalogue",
    "center-": "centre-",
    "categoriz-": "categoris-",
    "color-": "colour-",
    "customiz-": "customis-",
    "defense": "defence",
    "discretiz-": "discretis-",
    "emphasiz-": "emphasis-",
    "equaliz-": "equalis-",
    "favor-": "favour-",
    "finaliz-": "finalis-",
    "fulfill(s|ment)?": "fulfil",
    "generaliz-": "generalis-",
    "gray-": "grey-",
    "honor-": "honour-",
    "initializ-": "initialis-",
    "labeled": "labelled",
    "labeling": "labelling",
    "linearize-": "linearis-",
    "maximiz-": "maximis-",
    "minimiz-": "minimis-",
    "model(ed|ing|er)": "modelled, modelling, modeller",
    "neighbor-": "neighbour-",
    "normaliz-": "normalis-",
    "optimiz-": "optimis-",
    "organiz-": "organis-",
    "parallelize-": "parallelis-",
    "parametriz-": "parametris-",
    "penaliz-": "penalis-",
    "prioritiz-": "prioritis-",
    "queuing": "queueing",
    "randomiz-": "randomis-",
    "realiz-": "realis-",
    "recogniz-": "recognis-",
    "serializ-": "serialis-",
    "signaling": "signalling",
    "specializ-": "specialis-",
    "stabiliz-": "stabilis-",
    "standardiz-": "standardis-",
    "summariz-": "summaris-",
    "synchroniz-": "synchronis-",
    "travel(ed|er|ers|ing)": "travelled, traveller, travelling",
    "utiliz-": "utilis-",
    "vectoriz-": "vectoris-",
    "visualiz-": "visualis-",
}
WORD = re.compile(
    r"(?<![A-Za-z])("
    + "|".join(form.replace("-", "[a-z]*") for form in AMERICAN)
    + r")(?![A-Za-z])",
    re.IGNORECASE,
)
# Words of style sheets stay as their standard has them: `color: #123`, `text-align: center`.
STYLE_SHEET = re.compile(r"[\w-]*color\s*:|:\s*(center|gray)\b|[\w-]+-(color|center)\b")
CODE = re.compile(r"```.*?```|~~~.*?~~~|`[^`\n]*`|<[^>]*>|\]\([^)]*\)|https?:\S+", re.DOTALL)


def american_words(text: str) -> list[str]:
    """American spellings in running text or in a name."""
    return [match.group() for match in WORD.finditer(STYLE_SHEET.sub("", text))]


def words_of_code(source: str) -> Iterator[tuple[int, str]]:
    """Comments, prose in strings, and names that we chose, with their lines.

    Left out, because others chose them: attributes and keyword arguments (``axis.set(color=...)``),
    imported names, and strings of one word (``align="center"``).
    """
    foreign = _imported_names(source)
    tokens = [
        token
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type not in (tokenize.NL, tokenize.NEWLINE)
    ]
    depth = 0  # of brackets: a name before "=" is a keyword only inside them
    for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        match token.type:
            case tokenize.OP:
                depth += (token.string in "([{") - (token.string in ")]}")
            case tokenize.COMMENT:
                yield token.start[0], CODE.sub("", token.string)
            case tokenize.STRING if re.search(r"\s", token.string):
                yield token.start[0], CODE.sub("", token.string)
            case tokenize.NAME if token.string not in foreign:
                is_attribute = before is not None and before.string == "."
                is_keyword = depth > 0 and after is not None and after.string == "="
                if not (is_attribute or is_keyword):
                    yield token.start[0], token.string
            case _:
                pass


def _imported_names(source: str) -> set[str]:
    imports = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Import | ast.ImportFrom)]
    names = {name for node in imports for a in node.names for name in (a.name, a.asname) if name}
    modules = {node.module for node in imports if isinstance(node, ast.ImportFrom) and node.module}
    return {part for name in names | modules for part in name.split(".")}


def _prose() -> list[Path]:
    return [
        path
        for path in project_files()
        if path.suffix in {".md", ".toml", ".cff"} and "docs/evidence" not in path.as_posix()
    ]


@pytest.mark.parametrize(
    "path", python_files("sim", "dashboard", "tests"), ids=lambda p: str(p.relative_to(ROOT))
)
def test_code_is_spelt_the_british_way(path: Path) -> None:
    """Comments, docstrings, messages and our own names keep to one spelling."""
    if path == Path(__file__):  # holds the list itself
        return
    found = [
        f"{path.relative_to(ROOT)}:{line}: {word}"
        for line, text in words_of_code(path.read_text())
        for word in american_words(text)
    ]

    assert found == []


@pytest.mark.parametrize("path", _prose(), ids=lambda p: str(p.relative_to(ROOT)))
def test_prose_is_spelt_the_british_way(path: Path) -> None:
    """Documents and scenario files too; code and quotations of commands may stand in backticks."""
    if path.name in {"config.toml", "pyproject.toml"}:  # keys of other programs
        return

    assert american_words(CODE.sub("", path.read_text())) == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("# the behavior of a queue", ["behavior"]),
        ("analyzed_waits = 1\n", ["analyzed"]),
        ("axis.set(color=1)\n", []),
        ("from scipy import optimize\noptimize.milp()\n", []),
        ('cell(align="center")\n', []),
        ('say("the center of the hall")\n', ["center"]),
        ('css = "p { color: red; text-align: center }"\n', []),
        ("# set `color` there", []),
    ],
)
def test_spelling_is_seen(source: str, words: list[str]) -> None:
    """Our own words are looked at, those of a library or a style sheet are not."""
    found = [word for _, text in words_of_code(source) for word in american_words(text)]

    assert found == words
