"""Charts draw and answer the pointer under the strict policy, which the `page` fixture watches, light and dark."""

import pytest

from tests.browser.conftest import sign_in

pytestmark = pytest.mark.browser

DASHBOARD = "/clients/bakery/voices/bakery/dashboard/"


def test_a_chart_draws_says_what_is_under_the_pointer_and_takes_the_pages_colours(page):
    sign_in(page, "manager")
    page.goto(DASHBOARD)
    page.locator(".chart .main-svg").first.wait_for()
    # They are drawn one after the other, and the page moves until the last one stands.
    page.wait_for_function("() => !document.querySelector('.chart:not(:has(.main-svg))')")
    assert page.locator(".chart").count() >= 5
    point = page.locator("[data-chart=alignment] .points path").first
    point.scroll_into_view_if_needed()
    place = point.bounding_box()
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.locator("[data-chart=alignment] .hoverlayer text").first.wait_for()
    assert "n = " in page.locator("[data-chart=alignment] .hoverlayer").text_content()
    ink = "() => getComputedStyle(document.querySelector('.xtick text')).fill"
    light = page.evaluate(ink)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"before => ({ink})() !== before", arg=light)


def test_the_dashboard_says_it_all_without_javascript(browser, address):
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "manager")
    page.goto(DASHBOARD)
    page.get_by_text("The same as a table").first.click()
    assert page.locator(".evidence table").first.is_visible()
    context.close()
