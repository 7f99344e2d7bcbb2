"""Switching a rule off and cleaning again, by hand."""

import pytest

from tests.browser.conftest import sign_in

pytestmark = pytest.mark.browser

VOICE = "/clients/bakery/voices/bakery/"
COPY = "Warm oats, from eight, in paper bags by the bus stop; questions go to oats@mail.example on any day."


def test_a_rule_is_switched_off_and_the_passages_follow(page):
    sign_in(page, "lead")
    page.goto(VOICE + "sources/")
    if not page.get_by_label("Or paste text").is_visible():
        page.get_by_text("Import copy").click()
    page.get_by_label("Or paste text").fill(COPY)
    page.get_by_role("button", name="Import").click()
    page.get_by_text("1 pair proposed").wait_for()

    page.goto(VOICE + "passages/?q=oats")
    page.get_by_role("link", name="Warm oats").click()
    assert page.locator("del", has_text="oats@mail.example").count()
    passage = page.url

    page.goto(VOICE + "cleaning/")
    page.get_by_label("E-mail addresses").uncheck()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="would be cleaned otherwise now").wait_for()
    page.get_by_role("button", name="Clean again").click()
    page.get_by_role("heading", name="All passages are as these rules make them").wait_for()

    page.goto(passage)
    page.get_by_text("No rule changed this passage").wait_for()
