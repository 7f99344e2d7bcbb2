"""The desk in a real browser: keys alone, and nothing lost whatever happens to the page."""

import re

import pytest

from tests.browser.conftest import sign_in

pytestmark = pytest.mark.browser

VOICE = "/clients/workflow/voices/workflow/"


@pytest.fixture
def desk(browser, address):
    """A second copywriter's page; its console may complain, for here connections break."""
    context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(15_000)
    sign_in(page, "second")
    page.goto(VOICE + "score/")
    yield page
    context.close()


def checked(page):
    return page.eval_on_selector_all("[data-desk] :checked", "all => all.map(one => one.value)")


def task(page):
    return page.locator("[data-desk] input[name=task]").input_value()


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def answer(page):
    press(page, "4", "4", "4", "4", "Enter")
    page.get_by_text("Saved. Thank you.").wait_for()


def test_keys_rate_take_back_skip_flag_and_show_help(desk):
    press(desk, "5", "4", "u", "3")
    assert checked(desk) == ["5", "3"]
    press(desk, "?")
    desk.get_by_role("dialog").get_by_text("take back the last answer").wait_for()
    press(desk, "1")
    assert checked(desk) == ["5", "3"]
    press(desk, "Escape", "g")
    desk.get_by_role("heading", name="Fact sheet").wait_for()
    press(desk, "Escape")
    desk.get_by_role("heading", name="Fact sheet").wait_for(state="hidden")

    press(desk, "c")
    desk.keyboard.type("5 u s f e ? x g")
    assert checked(desk) == ["5", "3"]
    first = task(desk)
    press(desk, "Escape", "f")
    desk.get_by_text("Flagged for the lead.").wait_for()
    assert task(desk) != first
    press(desk, "u")
    desk.get_by_text("Taken back.").wait_for()
    assert task(desk) == first
    press(desk, "s")
    desk.get_by_text("Skipped.").wait_for()
    assert task(desk) != first


def test_a_submitted_answer_comes_back_with_its_marks(desk):
    first = task(desk)
    press(desk, "2", "3", "4", "5", "Enter")
    desk.get_by_text("Saved. Thank you.").wait_for()
    press(desk, "u")
    desk.get_by_text("Taken back.").wait_for()
    assert (task(desk), checked(desk)) == (first, ["2", "3", "4", "5"])
    press(desk, "Enter")
    desk.get_by_text("Saved. Thank you.").wait_for()


def test_a_skip_taken_back_after_a_reload_has_its_marks_and_comment(desk):
    first = task(desk)
    press(desk, "2", "3", "c")
    desk.keyboard.type("Half a thought")
    press(desk, "Escape", "s")
    desk.get_by_text("Skipped.").wait_for()
    desk.reload()
    press(desk, "u")
    desk.get_by_text("Taken back.").wait_for()
    assert (task(desk), checked(desk)) == (first, ["2", "3"])
    assert desk.get_by_label("Comment").input_value() == "Half a thought"


def test_a_hasty_second_enter_answers_nothing(desk):
    done = int(re.search(r"(\d+) done", desk.locator("[role=status]").inner_text())[1])
    press(desk, "4", "4", "4", "4", "Enter", "Enter")
    desk.get_by_text(f"{done + 1} done").wait_for()


def test_a_reload_keeps_what_was_entered(desk):
    press(desk, "2", "3", "c")
    desk.keyboard.type("Half a thought")
    desk.reload()
    assert checked(desk) == ["2", "3"]
    assert desk.get_by_label("Comment").input_value() == "Half a thought"
    press(desk, "4", "4")
    press(desk, "Enter")
    desk.get_by_text("Saved. Thank you.").wait_for()
    assert checked(desk) == [] and desk.get_by_label("Comment").input_value() == ""


def test_a_lost_connection_is_said_and_the_answer_stays(desk):
    desk.context.set_offline(True)
    press(desk, "2", "3", "4", "5", "Enter")
    desk.get_by_text("We could not reach VoiceLab.").wait_for()
    assert checked(desk) == ["2", "3", "4", "5"]
    desk.context.set_offline(False)
    press(desk, "Enter")
    desk.get_by_text("Saved. Thank you.").wait_for()


def test_signing_in_again_leads_back_to_what_was_entered(desk):
    press(desk, "2", "3", "4", "5")
    desk.context.clear_cookies(name="sessionid")
    press(desk, "Enter")
    desk.get_by_label("Password").fill("pear-tree-lamp")
    desk.get_by_label("E-mail address").fill("second@voicelab.example")
    desk.get_by_role("button", name="Sign in").click()
    desk.wait_for_url("**/score/")
    assert checked(desk) == ["2", "3", "4", "5"]
    press(desk, "Enter")
    desk.get_by_text("Saved. Thank you.").wait_for()


def test_signing_in_elsewhere_is_said_and_the_answer_stays(desk):
    """The other tab's sign-in changed the form's token."""
    press(desk, "2", "3", "4", "5")
    desk.context.clear_cookies(name="csrftoken")
    press(desk, "Enter")
    desk.get_by_text("This page is out of date").wait_for()
    desk.reload()
    assert checked(desk) == ["2", "3", "4", "5"]
    press(desk, "Enter")
    desk.get_by_text("Saved. Thank you.").wait_for()


def test_a_second_tab_is_told_that_the_first_answer_stands(desk):
    other = desk.context.new_page()
    other.goto(VOICE + "score/")
    answer(desk)
    press(other, "1", "1", "1", "1", "Enter")
    other.get_by_text("your first answer stands").wait_for()


def test_back_after_an_answer_doubles_nothing(desk):
    first = task(desk)
    answer(desk)
    second = task(desk)
    desk.goto("/")
    desk.go_back()
    assert task(desk) in (first, second)
    press(desk, "1", "1", "1", "1", "Enter")
    desk.get_by_text(re.compile("Saved. Thank you.|your first answer stands")).wait_for()


def test_votes_by_keys(desk):
    desk.goto(VOICE + "compare/")
    for key, verdict in (("ArrowLeft", "left"), ("ArrowRight", "right"), ("=", "equal"), ("x", "both_bad")):
        press(desk, key)
        assert checked(desk) == [verdict]
    press(desk, "u")
    assert checked(desk) == []
    press(desk, "ArrowLeft", "Enter")
    desk.get_by_text("Saved. Thank you.").wait_for()


def test_an_edit_measures_its_time_and_survives_a_reload(desk):
    press(desk, "e")
    copy = desk.get_by_label("Copy", exact=True)
    copy.fill("Warm words, cold")
    desk.wait_for_timeout(1200)
    desk.reload()
    assert copy.input_value() == "Warm words, cold"
    copy.press("End")
    copy.press_sequentially(" facts.")
    copy.press("Control+Enter")
    desk.get_by_text(re.compile(r"changed in [1-9]\d* seconds of work")).wait_for()
    desk.goto(VOICE + "score/")
    press(desk, "e")
    assert "Warm words" not in copy.input_value()
