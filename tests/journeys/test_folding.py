"""What a long page folds on a phone: only a browser knows whether it stands open elsewhere."""

from django.conf import settings
from playwright.sync_api import expect

FOLD = '<details class="psp_fold"><summary class="psp_fold__summary">Show or hide</summary><p>Told</p></details>'


def test_what_is_folded_on_a_phone_stands_open_at_a_desk_and_on_paper(page):
    style = (settings.BASE_DIR / "static" / "css" / "portal.css").read_text(encoding="utf-8")
    page.set_content(f"<style>{style}</style>{FOLD}")
    told, summary = page.get_by_text("Told"), page.get_by_text("Show or hide")
    for medium, width, is_open in (("screen", 390, False), ("screen", 1280, True), ("print", 390, True)):
        page.emulate_media(media=medium)
        page.set_viewport_size({"width": width, "height": 800})
        expect(told, f"{medium} {width}").to_be_visible(visible=is_open)
        expect(summary, f"{medium} {width}").to_be_visible(visible=not is_open)
    page.emulate_media(media="screen")
    summary.press("Enter")
    expect(told).to_be_visible()
