"""Where Streamlit may be spoken to."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import dashboard

FOLDER = Path(dashboard.__file__).parent
PLACES = ("*.py", "i18n/*.py", "components/charts/*.py")
LOGIC = sorted(path for place in PLACES for path in FOLDER.glob(place))
SPEAKS = {"shell.py"}


@pytest.mark.parametrize("path", LOGIC, ids=lambda path: str(path.relative_to(FOLDER)))
def test_logic_does_not_speak_to_streamlit(path: Path) -> None:
    """State, words and charts know nothing of Streamlit; only pages and their components do."""
    imported = {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(path.read_text()))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }

    assert path.name in SPEAKS or "streamlit" not in imported


def test_workers_load_no_streamlit() -> None:
    """A process that simulates imports the page's door and its work, but not Streamlit."""
    program = (
        "import runpy, sys; import dashboard.answer;"
        f"runpy.run_path({str(FOLDER / 'app.py')!r}, run_name='__mp_main__');"
        "print('streamlit' in sys.modules)"
    )

    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert result.stdout.strip() == "False"
