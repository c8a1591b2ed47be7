"""``python -m tests.evidence [--again] [--list] [name…]``: exits 1 where a claim fails."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import tests.evidence
from tests.evidence.claim import Claim
from tests.evidence.runner import Source, examine_all, table

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "evidence"
PARTS = ROOT / "runs" / "evidence"


def claims() -> dict[str, Claim]:
    """Every claim by name: the modules of this package that have one."""
    names = sorted(info.name for info in iter_modules(tests.evidence.__path__))
    modules = [
        import_module(f"tests.evidence.{name}")
        for name in names
        if name != "__main__" and not name.startswith("test_")
    ]
    found = [module.CLAIM for module in modules if hasattr(module, "CLAIM")]
    return {claim.name: claim for claim in found}


def main() -> int:
    """Examine the claims asked for, by default all."""
    known = claims()
    parser = argparse.ArgumentParser(prog="python -m tests.evidence", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(known))
    parser.add_argument("--again", action="store_true", help="examine also what is settled")
    parser.add_argument("--list", action="store_true", help="list the claims")
    asked = parser.parse_args()
    if asked.list:
        print("\n".join(f"{claim.name}: {claim.statement}" for claim in known.values()))
        return 0
    unknown = [name for name in asked.names if name not in known]
    if unknown:
        parser.error(f"no claim {', '.join(unknown)}; there are {', '.join(known)}")
    source = Source.of(ROOT, evidence=FOLDER)
    if not source.is_clean:
        print("the working tree has uncommitted changes: nothing is settled", file=sys.stderr)
    wanted = [known[name] for name in asked.names or known]
    verdicts = list(
        examine_all(wanted, folder=FOLDER, parts=PARTS, source=source, again=asked.again)
    )
    print(table(verdicts))
    return 0 if all(verdict.passed for verdict in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
