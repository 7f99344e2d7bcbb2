"""The whole loop by hand: score, compare and edit with the keys, retrain, watch, promote."""

import json

import pytest

from tests.browser.conftest import sign_in

pytestmark = pytest.mark.browser

VOICE = "/clients/bakery/voices/bakery/"


def test_the_loop_from_a_score_to_a_promoted_version(page):
    sign_in(page, "writer")
    page.goto(VOICE + "score/")
    for rating in ("5", "4", "3", "4"):
        page.keyboard.press(rating)
    first = page.locator("input[name=task]").input_value()
    assert page.locator("[data-desk] input:checked").count() == 4
    page.keyboard.press("Enter")
    page.get_by_text("Saved. Thank you.").wait_for()
    assert page.locator("input[name=task]").input_value() != first

    # Nothing fires while typing.
    page.get_by_label("Comment").fill("5 ? x u")
    page.get_by_label("Comment").press("3")
    assert page.locator("[data-desk] input:checked").count() == 0

    page.goto(VOICE + "compare/")
    text = page.content()
    assert "Version" not in text and "Base model" not in text
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.get_by_text("Saved. Thank you.").wait_for()

    page.goto(VOICE + "score/")
    page.keyboard.press("e")
    page.get_by_label("Copy", exact=True).fill("Warm buns, cold hands: come in.")
    page.get_by_role("button", name="Save the edit").click()
    page.get_by_text("Your edit became a preference").wait_for()

    sign_in(page, "lead")
    page.goto(VOICE + "runs/")
    page.get_by_role("button", name="Retrain").click()
    page.wait_for_url("**/runs/*-*/")
    page.get_by_role("heading", name="is ready").wait_for(timeout=240_000)
    made = page.locator("h1").inner_text().replace(" is ready", "").strip()

    page.goto(VOICE + "dashboard/")
    page.locator(".chart .main-svg").first.wait_for()
    page.get_by_role("link", name=f"Promote {made.lower()}", exact=True).click()
    page.get_by_role("button", name="Promote").click()
    page.get_by_label("Why?").fill("It reads like us.")
    page.get_by_role("button", name="Promote").click()
    page.get_by_text(f"{made} is live").wait_for()


def test_the_desk_works_without_javascript(browser, address):
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "second")
    page.goto(VOICE + "score/")
    for criterion in ("brand_voice", "accuracy", "creativity", "overall"):
        page.locator(f"input[name={criterion}][value='4']").check(force=True)
    page.get_by_role("button", name="Submit").click()
    page.get_by_text("Saved. Thank you.").wait_for()
    context.close()


PAGES = [
    "",
    "score/",
    "compare/",
    "sources/",
    "imports/",
    "cleaning/",
    "cleaning/lines/",
    "passages/",
    "pairs/",
    "runs/",
    "dashboard/",
]
# Pages of one row: the list that leads there, and the first link to it.
ROWS = {
    "edit": ("score/", "a[href$='/edit/']"),
    "source": ("sources/", "td a"),
    "importing": ("imports/", "td a"),
    "passage": ("passages/", "td a"),
    "pair": ("pairs/?state=validated", "td a"),
    "run": ("runs/", "td a"),
    "promote": ("dashboard/", "a[href$='/promote/'], a[href$='/roll-back/']"),
    "brief": ("dashboard/", "a[href*='/briefs/']"),
}


def every_page(page):
    """The address of each page that a lead can open."""
    page.goto(VOICE + "sources/")
    if not page.locator("td a").count():
        page.get_by_label("Or paste text").fill("Warm rye, from seven, in paper bags that see through by the bus stop.")
        page.get_by_role("button", name="Import").click()
        page.locator("td a").first.wait_for()
    found = ["/", *(VOICE + name for name in PAGES), "/clients/bakery/people/", "/clients/bakery/log/"]
    found += ["/password/", "/tokens/"]
    for where, link in ROWS.values():
        page.goto(VOICE + where)
        found.append(page.locator(link).first.get_attribute("href"))
    page.goto("/clients/bakery/people/")
    found.append(page.locator("main a[href*='/people/']").first.get_attribute("href"))
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_and_nothing_overflows(browser, address, scheme, width):
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(
        base_url=address, viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    found = []
    for where in ("/sign-in/", "/password/reset/"):
        page.goto(where)
        found += [(where, one["id"]) for one in Axe().run(page).response["violations"]]
    sign_in(page, "lead")
    for where in every_page(page):
        page.goto(where)
        if where.endswith(("score/", "compare/")):
            page.keyboard.press("g")  # the guidelines are part of the page
        for one in Axe().run(page).response["violations"]:
            found.append((where, one["id"], json.dumps([node["html"][:120] for node in one["nodes"]][:2])))
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append((where, "wider than the window"))
    context.close()
    assert not found
