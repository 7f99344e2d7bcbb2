"""Every page on a phone: nothing to scroll sideways for, and no figure in two pieces."""

import re

import pytest

from tests.browser.conftest import sign_in

pytestmark = pytest.mark.browser

VOICE = "/clients/workflow/voices/workflow/"
WIDTHS = (320, 360, 390, 412)
# Figures that stand on more than one line: "79 % (52–92)", "3.5 (2.6–4.4)", "85 %", "4 min 18 s".
BROKEN = r"""() => {
  const broken = [];
  const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    if (node.parentElement.closest("script, .reading, .prose, .card .brief")) continue;
    for (const found of node.data.matchAll(/[\d.]+\s(%(\s\([^)]*\))?|\([\d.]+–[^)]*\)|min\b|s\b)/g)) {
      const range = document.createRange();
      range.setStart(node, found.index);
      range.setEnd(node, found.index + found[0].length);
      if (new Set([...range.getClientRects()].map((one) => Math.round(one.top))).size > 1) broken.push(found[0]);
    }
  }
  return broken;
}"""


@pytest.fixture
def pages(page):
    """The addresses that a lead can open."""
    sign_in(page, "lead")
    page.goto(VOICE + "runs/")
    run = page.locator("td a[href*='/runs/']").first.get_attribute("href")
    page.goto(VOICE + "dashboard/")
    brief = page.locator("a[href*='/briefs/']").first.get_attribute("href")
    change = page.locator(".change a").first.get_attribute("href")
    page.goto(VOICE + "pairs/?state=validated")
    pair = page.locator("td a[href*='/pairs/']").first.get_attribute("href")
    page.goto(VOICE + "score/")
    edit = page.locator("[data-edit]").get_attribute("href")
    inside = ("", "score/", "compare/", "dashboard/", "runs/", "pairs/?state=validated", "sources/")
    inside = (*inside, "validation/", "validation/draw/", "validate/")
    outside = ("/", "/clients/workflow/people/", "/clients/workflow/log/", "/password/")
    return [*outside, *(VOICE + name for name in inside), run, brief + "?look=yes", change, pair, edit]


def test_no_page_scrolls_sideways_or_breaks_a_figure(page, pages):
    for address in pages:
        page.goto(address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            what = f"{address} at {width} px"
            assert page.evaluate("document.documentElement.scrollWidth") <= width, what
            assert page.evaluate(BROKEN) == [], what


def test_a_phone_shows_no_keys(browser, address):
    context = browser.new_context(
        base_url=address, viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    sign_in(page, "second")
    for name in ("score/", "compare/"):
        page.goto(VOICE + name)
        assert not page.locator("kbd:visible").count()
        assert page.get_by_role("button", name=re.compile("Submit")).is_visible()
    context.close()
