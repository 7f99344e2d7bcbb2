"""A lot from the plan to a reading, in a real browser and by keys alone."""

import re

import pytest

from tests.browser.conftest import sign_in

pytestmark = pytest.mark.browser

VOICE = "/clients/workflow/voices/workflow/"


def checked(page):
    return page.eval_on_selector_all("[data-desk] :checked", "all => all.map(one => one.value)")


def task(page):
    return page.locator("[data-desk] input[name=task]").input_value()


@pytest.fixture
def lot(page):
    """An open lot, which is given up at the end, so that it changes nothing for others."""
    sign_in(page, "lead")
    page.goto(VOICE + "validation/draw/")
    page.locator(".chart .main-svg").first.wait_for()
    page.get_by_label("Too bad, in %").fill("30")
    page.get_by_label("Too bad, in %").press("Tab")
    page.get_by_text("one with 30").wait_for()
    page.locator("#plan .chart .main-svg").first.wait_for()
    page.get_by_role("button", name="Draw this lot").click()
    page.wait_for_url("**/validation/*-*/")
    where = page.url
    yield where
    page.goto(where)
    page.get_by_role("button", name="Give it up").click()
    page.get_by_text("may be drawn again").first.wait_for()


def test_a_sample_is_read_by_keys_and_taken_back(page, lot):
    page.get_by_role("link", name=re.compile("Read \\d+ pairs")).click()
    first = task(page)
    page.keyboard.press("3")
    assert checked(page) == ["off_voice"]
    page.keyboard.press("u")
    assert checked(page) == []
    page.keyboard.press("c")
    page.keyboard.type("1 2 u s ? not how they talk")
    page.keyboard.press("Escape")
    page.keyboard.press("8")
    page.keyboard.press("Enter")
    page.get_by_text("Saved. Thank you.").wait_for()
    assert task(page) != first
    page.keyboard.press("u")
    page.get_by_text("Taken back.").wait_for()
    assert (task(page), checked(page)) == (first, ["other"])
    assert page.get_by_label("In words").input_value() == "1 2 u s ? not how they talk"
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.get_by_text("Saved. Thank you.").wait_for()
    second = task(page)
    page.keyboard.press("s")
    page.get_by_text("Skipped.").wait_for()
    assert task(page) not in (first, second)
    page.keyboard.press("g")
    page.get_by_role("heading", name="Fact sheet").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.get_by_role("dialog").get_by_text("a defect of this kind").wait_for()
    page.keyboard.press("Escape")
    page.get_by_text("1 of", exact=False).first.wait_for()


def test_the_whole_round_works_without_javascript(browser, address, page, lot):
    context = browser.new_context(base_url=address, java_script_enabled=False)
    plain = context.new_page()
    sign_in(plain, "annotator")
    plain.goto(VOICE + "validate/")
    first = task(plain)
    plain.get_by_label("Good as it is").check()
    plain.get_by_role("button", name="Submit").click()
    plain.get_by_text("Saved. Thank you.").wait_for()
    assert task(plain) != first
    plain.get_by_role("button", name="Take it back").click()
    plain.get_by_text("Taken back.").wait_for()
    assert task(plain) == first and plain.get_by_label("Good as it is").is_checked()
    context.close()
