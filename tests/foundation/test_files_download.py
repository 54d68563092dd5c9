"""What a browser gets when it asks for a kept file, through every middleware the portal runs."""

import os
from email.message import Message
from urllib.parse import unquote

import pytest
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path

from foundation.files import store
from foundation.files.models import StoredFile
from foundation.policy.table import TABLE, public
from tests.foundation.samples import PDF

pytestmark = pytest.mark.django_db

NAMES = {
    "plan.pdf": "plan.pdf",
    'quo"te.pdf': 'quo"te.pdf',
    "back\\slash.pdf": "slash.pdf",
    "semi;colon=x.pdf": "semi;colon=x.pdf",
    "line\r\nSet-Cookie: a=b.pdf": "line Set-Cookie: a=b.pdf",
    "line\r\n\r\n<script>alert(1)<script>.pdf": "line <script>alert(1)<script>.pdf",
    "nul\0.pdf": "nul.pdf",
    "../../etc/passwd.pdf": "passwd.pdf",
    "Dùn Èideann – plana.pdf": "Dùn Èideann – plana.pdf",
    "план.pdf": "план.pdf",
    "計画.pdf": "計画.pdf",
    "خطة.pdf": "خطة.pdf",
    "🙂.pdf": "🙂.pdf",
    "👩\u200d👩\u200d👧.pdf": "👩👩👧.pdf",
    "plan\u202efdp.exe.pdf": "planfdp.exe.pdf",
    "\u200fplan\u2066.pdf": "plan.pdf",
    "100%.pdf": "100%.pdf",
    "it's (final).pdf": "it's (final).pdf",
    "a\tb.pdf": "a b.pdf",
    "x" * 300 + ".pdf": "x" * 146 + ".pdf",
    "é" * 300 + ".pdf": "é" * 146 + ".pdf",
}


def download(request: HttpRequest, public_id: str) -> HttpResponseBase:
    return store.respond(StoredFile.objects.get(public_id=public_id))


urlpatterns = [path("files/<str:public_id>", download, name="kept_file"), path("", download, name="home")]


@pytest.fixture
def fetch(client, settings, monkeypatch):
    settings.ROOT_URLCONF = __name__
    monkeypatch.setitem(TABLE, "kept_file", public())
    return lambda file, **headers: client.get(f"/files/{file.public_id}", **headers)


def kept(name: str = "plan.pdf", content_type: str = "application/pdf", content: bytes = PDF) -> StoredFile:
    return store.keep_bytes(content, name=name, content_type=content_type, scope="", by=None)


def name_in(header: str) -> str:
    """As a browser reads it (RFC 6266): the encoded name when there is one, else the quoted one without its escapes."""
    if "filename*=" in header:
        charset, _, encoded = header.split("filename*=")[1].split("'")
        return unquote(encoded, encoding=charset, errors="strict")
    quoted = header.split("filename=", 1)[1]
    assert quoted[0] == quoted[-1] == '"'
    return quoted[1:-1].replace("\\\\", "\\").replace('\\"', '"')


@pytest.mark.parametrize(
    "content_type", ["application/pdf", "text/html", "image/svg+xml", "image/png", "text/plain; charset=utf-8"]
)
def test_every_kind_is_a_download_that_no_browser_runs_guesses_at_or_keeps(fetch, content_type):
    response = fetch(kept(content_type=content_type))
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    assert response["Content-Length"] == str(len(PDF))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'", "not the portal's own policy"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert "Set-Cookie" not in response


@pytest.mark.parametrize(("given", "shown"), NAMES.items())
def test_any_name_makes_one_safe_header_that_reads_back(fetch, given, shown):
    response = fetch(kept(given))
    response.close()
    header = response["Content-Disposition"]
    assert header.isascii()
    assert header.isprintable()
    assert name_in(header) == shown
    assert header == store.disposition(given), "bytes kept elsewhere go out under the same name"
    message = Message()
    message["Content-Disposition"] = header
    assert message.get_content_disposition() == "attachment"


def test_an_ending_made_to_look_like_another_is_shown_as_it_is(fetch):
    response = fetch(kept("invoice\u202efdp.exe"))
    response.close()
    assert name_in(response["Content-Disposition"]) == "invoicefdp.exe"


def test_bytes_that_are_gone_are_a_page_not_an_error(fetch, caplog):
    file = kept()
    os.unlink(store.path_of(file))
    assert fetch(file).status_code == 404
    assert file.public_id in caplog.text, "whoever runs the portal learns of it"
