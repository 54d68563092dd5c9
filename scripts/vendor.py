"""Copy the few compiled front-end files the portal serves out of their npm packages: `python3 scripts/vendor.py`.

Run it only to change a version below. The copies are committed, a test re-hashes them against `VENDORED.json`, and
neither installing nor running the portal needs Node.
"""

import hashlib
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "static" / "vendor"

PACKAGES: dict[str, tuple[str, list[str]]] = {
    "@scottish-government/design-system": (
        "4.2.0",
        [
            "dist/css/design-system.min.css",
            "dist/scripts/design-system.js",
            "dist/images/icons/icons.stack.svg",
            "LICENSE.txt",
        ],
    ),
    "@fontsource/roboto": (
        "5.3.0",
        [
            "files/roboto-latin-400-normal.woff2",
            "files/roboto-latin-700-normal.woff2",
            "files/roboto-latin-ext-400-normal.woff2",
            "files/roboto-latin-ext-700-normal.woff2",
            "LICENSE",
        ],
    ),
}


def folder(package: str) -> str:
    """`@fontsource/roboto` is kept in `fontsource-roboto`."""
    return package.removeprefix("@").replace("/", "-")


def unpack(package: str, version: str, wanted: list[str]) -> dict[str, bytes]:
    """The wanted files of one package, fetched with npm's own client."""
    with tempfile.TemporaryDirectory() as place:
        packed = subprocess.run(
            ["npm", "pack", "--silent", f"{package}@{version}"], cwd=place, check=True, capture_output=True, text=True
        )
        with tarfile.open(Path(place) / packed.stdout.split()[-1]) as archive:
            return {name: archive.extractfile(f"package/{name}").read() for name in wanted}  # type: ignore[union-attr]


def main() -> None:
    kept = {}
    for package, (version, wanted) in PACKAGES.items():
        for name, content in unpack(package, version, wanted).items():
            path = TARGET / folder(package) / Path(name).name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            kept[path.relative_to(TARGET).as_posix()] = {
                "package": package,
                "version": version,
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
    (TARGET / "VENDORED.json").write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n")
    print(f"{len(kept)} files, {sum(entry['bytes'] for entry in kept.values()):,} bytes")


if __name__ == "__main__":
    main()
