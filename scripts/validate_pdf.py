"""`python scripts/validate_pdf.py a.pdf …`: is each file accessible (PDF/UA-1) and sound?

Asks page-validation and qpdf. Exit code 1 when one of them finds a fault.
"""

import argparse
import sys
from pathlib import Path

import page
import pikepdf


def faults(path: Path) -> list[str]:
    """What is wrong with the file; empty when nothing was found."""
    found = page.validate_pdf(str(path), profile="ua1")
    told = [] if found.is_compliant else [str(found)]
    with pikepdf.open(path) as pdf:
        return told + [str(problem) for problem in pdf.check_pdf_syntax()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path, metavar="FILE")
    worst = 0
    for path in parser.parse_args().paths:
        told = faults(path)
        print(f"{path}: {'accessible and sound' if not told else ''}", *told, sep="\n" if told else "")
        worst |= bool(told)
    return worst


if __name__ == "__main__":
    sys.exit(main())
