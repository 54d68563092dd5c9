"""What only a browser can say: data for machines pass the portal's content security policy, and nothing runs."""

import json

import pytest

from tests.factories.lessons import LessonFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_data_for_machines_pass_the_policy_of_the_page(page, live_server):
    lesson = LessonFactory(published=True, title="</script><script>document.title='run'</script>")
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.add_init_script(
        "window.refused = []; addEventListener('securitypolicyviolation', e => refused.push(e.violatedDirective))"
    )
    answer = page.goto(f"{live_server.url}{lesson.get_absolute_url()}")
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    data = json.loads(page.locator("script[type='application/ld+json']").text_content())
    assert data["headline"] == lesson.title
    assert page.title().startswith("</script>")
    with page.expect_console_message(lambda message: "Content Security Policy" in message.text):
        page.evaluate("document.head.append(Object.assign(document.createElement('script'), {textContent: '1'}))")
    page.wait_for_function("refused.length > 0")
    assert page.evaluate("refused") == ["script-src-elem"], "only the script that this test put in is refused"
    assert len([line for line in said if "Content Security Policy" in line]) == 1
