"""What holds for every page: it opens without an error, nothing sticks out, axe finds nothing serious."""

import pytest

from dashboard.pages import PAGES

PATHS = [page.PATH for page in PAGES]


@pytest.mark.parametrize("path", PATHS)
def test_page_is_accessible_and_fits(visit, path):
    seen = visit(path)
    assert seen.page.locator("h1").count() == 1
    assert not seen.violations()
    seen.page.set_viewport_size({"width": 390, "height": 844})
    assert not seen.overflow()


@pytest.mark.parametrize("path", PATHS)
def test_page_is_accessible_in_the_dark_and_narrow(visit, path):
    seen = visit(path, width=390, height=844, mode="dark")
    assert seen.page.locator("html").get_attribute("data-mantine-color-scheme") == "dark"
    assert not seen.overflow()
    assert not seen.violations()


@pytest.mark.parametrize("path", ["/about", "/compare?v=1&m=24"])
def test_tables_stack_where_they_do_not_fit(visit, path):
    seen = visit(path, width=390, height=844)
    seen.wait("() => document.querySelector('.stacking td')")
    wide = "() => [...document.querySelectorAll('.stacking, .stacking td')].some((x) => x.scrollWidth > x.clientWidth)"
    assert not seen.page.evaluate(wide)
    cell = seen.page.locator(".stacking td").first
    head = seen.page.locator(".stacking thead th").nth(1).text_content()
    assert cell.evaluate("x => getComputedStyle(x, '::before').content") == f'"{head}"'
    assert not seen.violations()


def test_navigation_marks_the_page_and_sets_the_title(visit):
    seen = visit("/")
    for page in PAGES:
        if page.NAVIGATED:
            seen.page.get_by_role("navigation").get_by_role("link", name=page.TITLE, exact=True).click()
            seen.wait("(title) => document.title === title", f"{page.TITLE} · Aperture")
            assert seen.page.locator("#navigation [aria-current=page]").inner_text() == page.TITLE


def test_unknown_page(visit):
    seen = visit("/nowhere")
    assert seen.page.locator("h1").inner_text() == "There is no such page"


def test_keys_open_the_sheet_and_change_pages(visit):
    seen = visit("/about")
    seen.page.keyboard.press("?")
    seen.page.get_by_role("dialog", name="Keys").wait_for()
    assert not seen.violations()
    seen.page.keyboard.press("Escape")
    seen.page.get_by_role("dialog", name="Keys").wait_for(state="hidden")
    seen.page.keyboard.press("Alt+1")
    seen.wait("(title) => document.title === title", f"{PAGES[0].TITLE} · Aperture")


def test_mode_is_switched_and_kept(visit):
    seen = visit("/about")
    seen.page.keyboard.press("Alt+m")
    scheme = "() => document.documentElement.getAttribute('data-mantine-color-scheme') === 'dark'"
    seen.wait(scheme)
    seen.page.reload()
    seen.wait(scheme)
