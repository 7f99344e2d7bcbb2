"""Many pairs at once, by hand: narrowed down, ticked, accepted, undone."""

import pytest

from tests.browser.conftest import sign_in

pytestmark = pytest.mark.browser

VOICE = "/clients/bakery/voices/bakery/"


def test_pairs_are_ticked_reopened_and_the_act_undone(page):
    sign_in(page, "annotator")
    page.goto(VOICE + "pairs/?state=validated&q=bread")
    page.get_by_text("Filters").click()
    page.get_by_label("Words, at least").fill("10")
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("link", name="Words, at least: 10").wait_for()
    assert page.locator("mark").first.is_visible()

    page.get_by_label("Tick all on this page").check()
    ticked = page.locator("input[name='pair']:checked").count()
    assert ticked and page.get_by_text(f"With the {ticked} ticked:").is_visible()
    page.locator("input[name='pair']").first.uncheck()
    assert page.get_by_text(f"With the {ticked - 1} ticked:").is_visible()
    page.get_by_role("button", name="Re-open").click()
    page.get_by_text(f"{ticked - 1} pair").first.wait_for()
    assert "q=bread" in page.url and page.locator("input[name='pair']").count() >= 1

    page.goto(VOICE + "pairs/bulk/")
    page.get_by_role("link", name="re-opened").first.click()
    page.get_by_role("button", name="Undo all of it").click()
    page.get_by_role("heading", name="put back").wait_for()


def test_a_view_is_saved_by_keyboard_on_a_phone(page):
    page.set_viewport_size({"width": 390, "height": 800})
    sign_in(page, "annotator")
    page.goto(VOICE + "pairs/?state=validated&channel=social")
    page.get_by_text("Save this view").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Name", exact=True).fill("Posts")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Posts", exact=True).wait_for()
    for where in ("pairs/?state=validated&page=2", "pairs/views/", "pairs/bulk/"):
        page.goto(VOICE + where)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
