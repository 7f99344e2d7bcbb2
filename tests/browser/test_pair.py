"""An hour at the pair's desk, shortened: every act by keys, and nothing lost on the way."""

import json

import pytest

from tests.browser.conftest import sign_in

pytestmark = pytest.mark.browser

VOICE = "/clients/workflow/voices/workflow/"
LINES = [
    "Batch 1: our planner closes 11 hours of gaps each week. Nobody at Harrow Freight has to ask twice for it.",
    "Batch 2: our planner closes 12 hours of gaps each week, and nobody has to ask twice for it.",
    "Batch 3: our planner closes 13 hours of gaps each week, and nobody has to ask twice for it.",
    "Batch 4: our planner closes 14 hours of gaps each week, and nobody has to ask twice for it.",
]


@pytest.fixture
def desk(page):
    """The annotator's desk with four pairs to decide, the first of them open."""
    sign_in(page, "annotator")
    for line in LINES:
        bring(page, line)
    page.goto(VOICE + "pairs/")
    page.get_by_role("link", name="Decide the next pair").click()
    page.wait_for_url("**/pairs/*-*/")
    return page


def bring(page, line):
    page.goto(VOICE + "sources/")
    if not page.get_by_label("Or paste text").is_visible():
        page.get_by_text("Import copy").click()
    page.get_by_label("Or paste text").fill(line)
    page.get_by_role("button", name="Import").click()
    page.get_by_role("heading", name="1 file imported").wait_for(timeout=60_000)


def open_one(page):
    """Any pair that waits, its scripts loaded."""
    sign_in(page, "annotator")
    page.goto(VOICE + "pairs/?state=open")
    if not page.locator("td a").count():
        bring(page, LINES[0].replace("Batch 1", "Batch 5"))
        page.goto(VOICE + "pairs/?state=open")
    page.locator("td a").first.click()
    page.wait_for_url("**/pairs/*-*/")
    page.wait_for_load_state("networkidle")


def copy_of(page):
    return page.get_by_label("Copy").input_value()


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def told(page, words):
    page.locator("[data-toast]", has_text=words).wait_for()


def test_a_shift_at_the_desk_by_keys_alone(desk, browser, address):
    assert copy_of(desk) == LINES[0]
    assert desk.evaluate("document.activeElement.tagName") == "H1"

    # What is typed is on the server within seconds: a reload without the browser's own copy has it, so has another
    # machine.
    press(desk, "e", "Control+End")
    desk.keyboard.type(" u s r 1 Enter?")
    desk.locator("[data-saved-at]", has_text="Saved").wait_for()
    desk.evaluate("sessionStorage.clear()")
    desk.reload()
    assert copy_of(desk) == LINES[0] + " u s r 1 Enter?"
    other = browser.new_context(base_url=address, storage_state=desk.context.storage_state()).new_page()
    other.goto(desk.url)
    assert copy_of(other) == LINES[0] + " u s r 1 Enter?"
    other.context.close()

    # Mended and accepted from inside the field; taken back; and there is the text of before.
    press(desk, "e", "Control+Enter")
    told(desk, "Mended and accepted")
    assert copy_of(desk) == LINES[1] and desk.evaluate("document.activeElement.tagName") == "H1"
    press(desk, "u")
    desk.get_by_text("Undone.").wait_for()
    assert copy_of(desk) == LINES[0]

    # A fact that is typed is flagged, and goes into the brief.
    press(desk, "e", "Control+End")
    desk.keyboard.type(" It costs £7.77.")
    desk.locator("[data-add='£7.77']").wait_for()
    press(desk, "Escape", "f")
    assert "£7.77" in desk.get_by_label("Key facts").input_value().split("\n")

    # Split at the cursor, merged again, and taken back.
    press(desk, "e")
    desk.evaluate("document.activeElement.setSelectionRange(56, 56)")
    press(desk, "Escape", "b")
    told(desk, "Split in two")
    halves = copy_of(desk)
    assert LINES[0].startswith(halves) and len(halves) < len(LINES[0])
    press(desk, "m")
    told(desk, "Merged")
    assert copy_of(desk).startswith(halves) and "Harrow Freight" in copy_of(desk)
    press(desk, "u")
    desk.get_by_text("Undone.").wait_for()
    assert copy_of(desk) == halves

    # Accepted, rejected with a digit and in own words, skipped, and back.
    press(desk, "Enter")
    told(desk, "Accepted")
    press(desk, "r", "2")
    told(desk, "Rejected")
    assert copy_of(desk) == LINES[1]
    press(desk, "r", "r")
    desk.keyboard.type("rejected by r, 1 and Enter")
    press(desk, "Enter")
    told(desk, "Rejected")
    assert copy_of(desk) == LINES[2]
    press(desk, "s")
    desk.wait_for_function(f"document.getElementById('id_output').value === {json.dumps(LINES[3])}")
    press(desk, "p")
    desk.wait_for_function(f"document.getElementById('id_output').value === {json.dumps(LINES[2])}")

    press(desk, "?")
    desk.get_by_role("dialog").get_by_text("split where the cursor was").wait_for()
    press(desk, "Escape", "l")
    desk.get_by_role("heading", name="Your last 20 decisions").wait_for()
    desk.get_by_text("Rejected: rejected by r, 1 and Enter").wait_for()
    desk.get_by_text("Rejected: Out of date").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_at_the_desk(browser, address, scheme, width):
    from axe_playwright_python.sync_playwright import Axe

    size = {"width": width, "height": 900}
    context = browser.new_context(base_url=address, viewport=size, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    open_one(page)
    page.get_by_label("Copy").fill("On 3 May 2019 we gave £12.40 to Harrow Freight. It was a fine day, they said.")
    page.locator("[data-flags] button").first.wait_for()
    page.get_by_text("Split or merge").click()
    page.locator("[data-saved-at]", has_text="Saved").wait_for()
    page.reload()
    found = []
    for where in (page.url, VOICE + "pairs/decisions/"):
        page.goto(where)
        found += [(one["id"], one["nodes"][0]["html"][:150]) for one in Axe().run(page).response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append((where, "wider than the window"))
    context.close()
    assert not found


def test_a_lost_connection_is_said_and_what_was_typed_is_sent_later(browser, address):
    context = browser.new_context(base_url=address)
    page = context.new_page()
    open_one(page)
    context.set_offline(True)
    press(page, "e", "End")
    page.keyboard.type(" Typed on a train.")
    page.get_by_text("Not saved yet: no connection.").wait_for()
    context.set_offline(False)
    page.locator("[data-saved-at]", has_text="Saved").wait_for()
    context.close()
