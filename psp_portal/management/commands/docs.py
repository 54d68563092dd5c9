"""`manage.py docs`: writes the pages of docs/ that come from the code; `--check` only says whether they are current."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from psp_portal.generated_docs import pages


class Command(BaseCommand):
    help = "Write docs/permissions.md and docs/lifecycle.md from the code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 when a page is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = settings.BASE_DIR / "docs"
        texts = pages()
        if options["check"]:
            stale = [name for name, text in texts.items() if _read(folder / name) != text]
            if stale:
                raise CommandError(f"Run `make docs`: {', '.join(stale)} no longer say what the code says.")
            return
        folder.mkdir(exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
            self.stdout.write(f"docs/{name}")


def _read(path: Any) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
