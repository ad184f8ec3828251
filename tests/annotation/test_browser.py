"""The labelling page in a real Chromium, on the real server."""

import shutil

import pytest
from dateline.annotation import server
from dateline.annotation.push import push

CHROMIUM = shutil.which("chromium")
QUIET = (
    "--no-sandbox --disable-gpu --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@pytest.fixture
def page():
    if CHROMIUM is None:
        pytest.skip("chromium is not installed: the labelling page is not looked at")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser.new_page(viewport={"width": 1500, "height": 1000})
        browser.close()


def test_the_page_shows_labels_regions_and_arrows(page, data_dir, admin, hard, tmp_path):
    """Log in, open a task that has a proposal, and read what a person sees."""
    done = push(admin, "browser", [hard], predictions=[hard])
    (task,) = admin.tasks(done.project)
    running, account = server.status(data_dir), server.admin(data_dir)
    assert running is not None
    outside: list[str] = []
    page.on(
        "request",
        lambda r: (
            None if r.url.startswith((running.url, "data:", "blob:")) else outside.append(r.url)
        ),
    )
    page.goto(f"{running.url}/user/login")
    page.fill("input[name=email]", account.email)
    page.fill("input[name=password]", account.password)
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/user/login" not in url)
    page.goto(f"{running.url}/projects/{done.project}/data?task={task}")
    page.wait_for_selector("text=TerritoryChange", timeout=60_000)
    page.wait_for_selector("text=spokesman", timeout=60_000)
    labels = page.inner_text("body")
    for word in ("ORG.armed", "AirStrike", "cue", "content", "quoted", "headline"):
        assert word in labels
    assert "القوات المسلحة" in labels
    page.wait_for_timeout(1000)
    page.screenshot(path=tmp_path / "labelling.png")
    assert (tmp_path / "labelling.png").stat().st_size > 20_000
    assert outside == [], "the page asks nothing of the outside"
