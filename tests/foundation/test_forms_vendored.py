"""The front end's files: exactly the published ones, light, free of official marks, and enough for every page."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

STATIC = Path(settings.BASE_DIR) / "static"
VENDOR = STATIC / "vendor"
KEPT = json.loads((VENDOR / "VENDORED.json").read_text())
LOADED = [
    "vendor/scottish-government-design-system/design-system.min.css",
    "vendor/scottish-government-design-system/design-system.js",
    "css/portal.css",
    "js/portal.js",
]


@pytest.mark.parametrize("name", KEPT)
def test_a_vendored_file_is_byte_for_byte_the_published_one(name):
    content = (VENDOR / name).read_bytes()
    assert (len(content), hashlib.sha256(content).hexdigest()) == (KEPT[name]["bytes"], KEPT[name]["sha256"])


def test_every_vendored_file_is_accounted_for_and_every_package_brings_its_licence():
    found = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()} - {"VENDORED.json"}
    assert found == set(KEPT)
    for package in {entry["package"] for entry in KEPT.values()}:
        assert any("LICENSE" in name for name, entry in KEPT.items() if entry["package"] == package)


def test_a_first_visit_loads_at_most_60_kilobytes_of_compressed_style_and_script():
    assert sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in LOADED) <= 60_000


def test_no_emblem_of_a_government_is_shipped():
    for path in (path for path in STATIC.rglob("*") if path.is_file()):
        assert not re.search(r"saltire|crown|crest|coat.of.arms|logo", path.name, re.I)
    sprite = (VENDOR / "scottish-government-design-system/icons.stack.svg").read_text()
    assert not re.search(r'id="[^"]*(saltire|crown|logo)', sprite)


def test_our_style_and_script_reach_for_nothing_outside_the_portal():
    for name in ("css/portal.css", "js/portal.js"):
        assert not re.search(r"https?:|//\w|@import|eval\(", (STATIC / name).read_text().replace("// ", ""))


def test_the_files_are_collected_under_hashed_names(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    manifest = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    assert set(LOADED) <= set(manifest)
    assert (tmp_path / f"{manifest['css/portal.css']}.gz").exists()
