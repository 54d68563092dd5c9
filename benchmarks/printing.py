"""`python -m benchmarks.printing`: the press against WeasyPrint's own command line, same HTML, same run.

Both make PDF/UA-1 of a report of lessons, at about 20 and about 200 pages; the press as a worker uses it that has
printed before: with its limits, and with the start of each press, which goes on while the one before prints. Then two
such workers at once, each with a report of its own. Told are pages a second by the clock and by the processor, and the
peak of memory. They take turns; each figure is the best of its turns, since what else a machine does only ever adds.
"""

import argparse
import base64
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

WORDS = "The partners met every second week and wrote down what each of them would do before they met again. " * 3
SIZES = {20: 16, 200: 196}  # pages wanted: lessons that fill about as many, one on each, after cover and contents
GOALS = {20: 1.6, 200: 1.4}
AT_ONCE, GOAL_AT_ONCE = 2, 1.9
MOST_MEMORY, MOST_SECONDS = 0.75, 5.0
COPIES = 4  # of the short report in one turn; of the long one: 1


@dataclass(frozen=True)
class Turn:
    """One PDF made: seconds by the clock, seconds of the processor, the peak of memory in MB, and its pages."""

    wall: float
    cpu: float
    memory: float
    pages: int


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.printing", description=__doc__)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), choices=list(SIZES))
    parser.add_argument("--press", help=argparse.SUPPRESS)  # this process is one turn of the press
    options = parser.parse_args()
    if options.press:
        return one_turn(Path(options.press))
    before = os.getloadavg()
    with tempfile.TemporaryDirectory(prefix="psp-bench-") as folder:
        os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "benchmarks.settings", "LOG_LEVEL": "ERROR"}
        import django

        django.setup()
        for size in options.sizes:
            tell(size, *measured(Path(folder), size, options.turns))
    print(f"load average {before[0]:.1f} before, {os.getloadavg()[0]:.1f} after; Python {sys.version.split()[0]}")
    return 0


def measured(folder: Path, size: int, turns: int) -> tuple[Turn, Turn, Turn]:
    """The best turn of the command line, of the press, and of a press beside another."""
    page, whole = folder / "page.html", folder / "whole.html"
    page.write_text(report(SIZES[size]))
    whole.write_text(with_its_style(page.read_text()))
    made = folder / "made.pdf"
    weasyprint = [
        str(Path(sys.executable).parent / "weasyprint"),
        "-q",
        "--pdf-variant",
        "pdf/ua-1",
        str(whole),
        str(made),
    ]
    press = [sys.executable, "-m", "benchmarks.printing", "--press", str(page)]
    cli: list[Turn] = []
    alone: list[Turn] = []
    paired: list[Turn] = []
    for _ in range(turns):
        cli.append(timed(weasyprint, made))
        alone += at_once(press, 1)
        paired.append(max(at_once(press, AT_ONCE), key=lambda turn: turn.wall))
    return best(cli), best(alone), best(paired)


def at_once(press: list[str], workers: int) -> list[Turn]:
    running = [subprocess.Popen(press, stdout=subprocess.PIPE, text=True) for _ in range(workers)]
    told = [one.communicate()[0] for one in running]
    if any(one.returncode for one in running):
        raise SystemExit("a press failed")
    return [Turn(**json.loads(words)) for words in told]


def best(turns: list[Turn]) -> Turn:
    return Turn(
        min(turn.wall for turn in turns),
        min(turn.cpu for turn in turns),
        min(turn.memory for turn in turns),
        turns[0].pages,
    )


def timed(command: list[str], made: Path) -> Turn:
    began = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command[0]} ended with {status}")
    return Turn(
        time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, pages(made.read_bytes())
    )


def one_turn(page: Path) -> int:
    """A worker that has printed before, at work: some copies one after the other, each with its press's start."""
    import resource

    import django

    django.setup()
    from foundation.rendering import spare
    from foundation.rendering.printing import printed

    html = page.read_text()
    copies = COPIES if len(html) < 200_000 else 1
    spare.keep_one()
    printed("<html lang=en><title>x</title><p>x", lambda step, progress: True)
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    for _ in range(copies):
        made = printed(html, lambda step, progress: True)
    wall = (time.perf_counter() - began) / copies
    spare.keep_one(wanted=False)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps(asdict(Turn(wall, cpu / copies, used.ru_maxrss / 1024, pages(made)))))
    return 0


def pages(pdf: bytes) -> int:
    import pypdfium2

    return len(pypdfium2.PdfDocument(pdf))


def report(lessons: int) -> str:
    from lessons.formats import html
    from lessons.formats.told import ReportWords, Site, report_source

    site = Site("PSP portal", "https://psp.example", "https://psp.example/lessons/reports/1/")
    told = [lesson(number) for number in range(1, lessons + 1)]
    words = ReportWords("What we learned", 1, WORDS, {}, told, "By stage.", date(2026, 3, 2), "A Person", "a" * 64)
    return html.paper(report_source(words, site))


def lesson(number: int) -> dict[str, Any]:
    return {
        "number": number, "version": 1, "path": f"/lessons/{number}/", "title": f"Lesson {number}: meet often",
        "what_happened": WORDS, "why": WORDS, "advice": WORDS, "evidence": WORDS, "theme": "Skills",
        "stage": ("Design", "Pilot", "Tender")[number % 3], "kind_of_service": "Any service", "change_note": "",
        "source_label": "A report", "source_address": "", "published_on": "2026-03-02", "revised_on": None,
    }  # fmt: skip


def with_its_style(page: str) -> str:
    """The same page for a program that knows no `app:` addresses: the stylesheet and the letters stand in it."""
    from foundation.rendering.assets import assets

    found = assets()
    style = base64.b64decode(found["pdf.css"][1]).decode()
    for name, (kind, body) in found.items():
        style = style.replace(f"app:{name}", f"data:{kind};base64,{body}")
    return page.replace('<link rel="stylesheet" href="app:pdf.css">', f"<style>{style}</style>")


def tell(size: int, cli: Turn, press: Turn, paired: Turn) -> None:
    print(f"\nabout {size} pages: {press.pages}")
    for name, turn in (("command line", cli), ("press", press), ("each of two", paired)):
        by_clock, by_processor = turn.pages / turn.wall, turn.pages / turn.cpu
        print(f"  {name:<13}{by_clock:>7.1f} pages/s by the clock{by_processor:>7.1f} by the processor", end="")
        print(f"{turn.wall:>8.2f} s{turn.memory:>7.0f} MB")
    faster, memory = cli.wall / press.wall, press.memory / cli.memory
    judge(
        faster >= GOALS[size], f"at least {GOALS[size]} x: {faster:.2f} x, by the processor {cli.cpu / press.cpu:.2f} x"
    )
    together = AT_ONCE * cli.wall / paired.wall
    if size == max(SIZES):
        judge(together >= GOAL_AT_ONCE, f"two at once at least {GOAL_AT_ONCE} x: {together:.2f} x")
    judge(memory <= MOST_MEMORY, f"at most {MOST_MEMORY} x the memory: {memory:.2f} x")
    if size == min(SIZES):
        judge(press.wall <= MOST_SECONDS, f"ready in {MOST_SECONDS:.0f} s: {press.wall:.1f} s")


def judge(is_met: bool, words: str) -> None:
    print(f"  {'reached' if is_met else 'MISSED':<8} {words}")


if __name__ == "__main__":
    sys.exit(main())
