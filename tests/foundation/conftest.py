"""What the tests of the outbox share."""

import pytest

from tests.faults.sink import Sink

TEMPLATE = "{{ greeting }}, read it here: {{ site_url }}/there/"


@pytest.fixture
def hello_templates(settings, tmp_path):
    folder = tmp_path / "templates" / "emails" / "tests"
    folder.mkdir(parents=True)
    (folder / "hello.txt").write_text(TEMPLATE)
    (folder / "broken.txt").write_text("{% nonsense %}")
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [engine | {"DIRS": [*engine["DIRS"], tmp_path / "templates"]}]
    settings.SITE_URL = "https://portal.example"


@pytest.fixture
def sink(settings):
    with Sink() as server:
        settings.MAIL_URL = server.url
        yield server
