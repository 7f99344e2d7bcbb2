"""Dropping files on the page, and watching them come in."""

import pytest

from tests.browser.conftest import sign_in

pytestmark = pytest.mark.browser

VOICE = "/clients/bakery/voices/bakery/"
DROP = """
names => {
  const dropped = new DataTransfer();
  for (const name of names)
    dropped.items.add(new File([`Barley bread by the name of ${name} leaves the oven at five, but on Mondays.`], name));
  for (const kind of ["dragenter", "drop"])
    document.dispatchEvent(new DragEvent(kind, { dataTransfer: dropped, bubbles: true, cancelable: true }));
}
"""


def test_files_that_are_dropped_come_in_and_the_page_says_so_by_itself(page):
    sign_in(page, "lead")
    page.goto(VOICE + "sources/")
    page.evaluate(DROP, ["long.txt", "round.txt"])
    page.get_by_text("2 files chosen.").wait_for()
    page.evaluate(DROP, ["flat.txt"])
    page.get_by_text("3 files chosen.").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Import"
    page.keyboard.press("Enter")
    page.wait_for_url("**/imports/**")
    page.get_by_role("heading", name="3 files imported").wait_for()
    page.get_by_role("link", name="round.txt").click()
    page.get_by_text("Barley bread by the name of round.txt").wait_for()


def test_the_form_works_without_javascript(browser, address):
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "annotator")
    page.goto(VOICE + "sources/")
    if not page.get_by_label("Or paste text").is_visible():
        page.get_by_text("Import copy").click()
    page.get_by_label("Or paste text").fill(
        "Millet bread, plain and flat, from the stone at six, every day but Sunday."
    )
    page.get_by_role("button", name="Import").click()
    for _ in range(20):
        if page.get_by_role("heading", name="1 file imported").is_visible():
            break
        page.wait_for_timeout(1000)
    assert page.get_by_role("heading", name="1 file imported").is_visible()
    context.close()


def test_the_files_of_a_folder_keep_their_paths_which_tell_the_channel(page, tmp_path):
    for place in ("blog/oat-cakes", "email/oat-offer"):
        file = tmp_path / "archive" / f"{place}.txt"
        file.parent.mkdir(parents=True)
        file.write_text(f"Oat cakes for {place}, from the stone at seven, every day but Sunday.")
    sign_in(page, "lead")
    page.goto(VOICE + "sources/")
    page.get_by_text("Import copy").click()
    page.evaluate(DROP, ["alone.txt"])
    page.get_by_text("1 file chosen.").wait_for()
    page.get_by_label("Or a folder").set_input_files(tmp_path / "archive")
    page.get_by_text("3 files chosen.").wait_for()
    page.get_by_role("button", name="Import", exact=True).click()
    page.wait_for_url("**/imports/**")
    page.get_by_role("heading", name="3 files imported").wait_for()
    for name in ("archive/blog/oat-cakes.txt", "archive/email/oat-offer.txt", "alone.txt"):
        page.get_by_role("link", name=name, exact=True).wait_for()
