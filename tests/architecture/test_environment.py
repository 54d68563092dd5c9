"""The environment's names, and what the settings make of a production environment."""

import json
import os
import re
import subprocess
import sys

from tests.architecture import tree

PRODUCTION = {
    "SITE_URL": "https://psp.example", "SECRET_KEY": "k" * 60 + "0123456789", "BEHIND_PROXY": "true",
    "DATABASE_URL": "sqlite://:memory:", "BROKER_URL": "memory://", "PATH": os.environ["PATH"],
}  # fmt: skip
ASK = """
import json, sys
import django
django.setup()
from django.conf import settings
from django.test import Client
plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.STORAGES = settings.STORAGES | {"staticfiles": plain}  # a fresh checkout has collected nothing yet
out = {}
for scheme in ("http", "https"):
    answer = Client(headers={"x-forwarded-proto": scheme, "host": "psp.example"}).get(sys.argv[1])
    out[scheme] = {"status": answer.status_code, **{key.lower(): value for key, value in answer.items()}}
out["cookies"] = [
    [getattr(settings, f"{kind}_COOKIE_{what}", None) for what in ("NAME", "SECURE", "HTTPONLY", "SAMESITE")]
    for kind in ("SESSION", "CSRF")
]
print(json.dumps(out))
"""


def answers(path: str) -> dict[str, dict[str, str]]:
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASK, path], cwd=tree.ROOT, capture_output=True, text=True, check=True,
        env={**PRODUCTION, "DJANGO_SETTINGS_MODULE": "psp_portal.settings"},
    )  # fmt: skip
    answer: dict[str, dict[str, str]] = json.loads(ran.stdout.splitlines()[-1])
    return answer


def test_production_headers_and_cookies() -> None:
    answer = answers("/no-such-page")
    assert answer["http"]["status"] == 301
    assert answer["http"]["location"] == "https://psp.example/no-such-page"
    https = answer["https"]
    assert https["strict-transport-security"] == "max-age=31536000; includeSubDomains; preload"
    assert https["x-content-type-options"] == "nosniff"
    assert https["x-frame-options"] == "DENY"
    assert https["referrer-policy"] == "same-origin"
    assert https["cross-origin-opener-policy"] == "same-origin"
    csp = dict(part.strip().partition(" ")[::2] for part in https["content-security-policy"].split(";"))
    assert csp["default-src"] == "'none'"
    assert csp["script-src"] == csp["style-src"] == csp["form-action"] == "'self'"
    assert csp["frame-ancestors"] == csp["base-uri"] == "'none'"
    assert answer["cookies"] == [["__Host-session", True, True, "Lax"], ["__Host-csrf", True, True, "Lax"]]


def test_the_health_check_is_not_redirected() -> None:
    assert answers("/healthz")["http"]["status"] in {200, 503}


def test_production_brings_its_own_secret() -> None:
    without = {key: value for key, value in PRODUCTION.items() if key != "SECRET_KEY"}
    ran = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=tree.ROOT, capture_output=True, text=True, env=without
    )
    assert ran.returncode != 0
    assert "SECRET_KEY" in ran.stderr


def test_every_setting_of_the_environment_is_described_and_every_description_is_used() -> None:
    settings = (tree.ROOT / "psp_portal/settings.py").read_text()
    compose = (tree.ROOT / "docker-compose.yml").read_text()
    asked = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings)) | set(re.findall(r"\${([A-Z_]+)[:}]", compose))
    example = (tree.ROOT / ".env.example").read_text()
    described = set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE))
    assert described == asked
