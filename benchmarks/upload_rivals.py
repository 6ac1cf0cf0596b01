"""What people script: a new Selenium browser a file, and one warm Playwright, plain or with look and proof as ours."""

from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support import expected_conditions
from selenium.webdriver.support.wait import WebDriverWait

from carriers.exchange import OutgoingFile
from core.settings import get_settings
from sandbox.portals.running import RunningPortals
from sandbox.portals.sample_world import PASSWORD, USERNAME
from sandbox.screenshots.camera import chromium

SITE = "harbor"
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
          "--disable-component-update", "--disable-sync")  # fmt: skip


def new_browser_each(portals: RunningPortals, folder: Path, files: list[OutgoingFile]) -> int:
    """Place each file with a Chromium and a log-in of its own, by Selenium's default waits."""
    for file in files:
        with chromium(folder / f"profile-{file.invoice_number}") as driver:
            _by_selenium(driver, portals, _written(folder, file))
    return len(files)


def playwright_warm(portals: RunningPortals, folder: Path, files: list[OutgoingFile], *, with_proof: bool) -> int:
    """Place all files in one page of one browser after one log-in; the same headless shell as ours.

    With proof, the site's list is read before each file, and two pictures and pages are kept.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=get_settings().headless_shell_path, args=list(_FLAGS))
        page = browser.new_page()
        page.goto(portals.url(SITE, "/Login"))
        page.fill("#txtUserName", USERNAME)
        page.fill("#txtPassword", PASSWORD)
        page.click("#btnLogin")
        page.wait_for_selector("#navUpload")
        for file in files:
            if with_proof:
                page.goto(portals.url(SITE, f"/Invoices?number={file.invoice_number}"))
                page.wait_for_selector("p#noRecords")
            _by_playwright(page, portals, _written(folder, file), folder if with_proof else None)
        browser.close()
    return len(files)


def _by_playwright(page: Page, portals: RunningPortals, path: Path, proofs: Path | None) -> None:
    page.goto(portals.url(SITE, "/Invoices/Upload"))
    page.set_input_files("#fileLedes", str(path))
    _keep(page, proofs, f"{path.stem}-before")
    page.click("#btnUpload")
    page.wait_for_selector("#receiptNumber")
    _keep(page, proofs, f"{path.stem}-after")


def _keep(page: Page, proofs: Path | None, name: str) -> None:
    if proofs is not None:
        page.screenshot(path=proofs / f"{name}.png")
        (proofs / f"{name}.html").write_text(page.content())


def _by_selenium(driver: WebDriver, portals: RunningPortals, path: Path) -> None:
    waits = WebDriverWait(driver, 20)
    driver.get(portals.url(SITE, "/Login"))
    driver.find_element(By.ID, "txtUserName").send_keys(USERNAME)
    driver.find_element(By.ID, "txtPassword").send_keys(PASSWORD)
    driver.find_element(By.ID, "btnLogin").click()
    waits.until(expected_conditions.element_to_be_clickable((By.ID, "navUpload"))).click()
    waits.until(expected_conditions.presence_of_element_located((By.ID, "fileLedes"))).send_keys(str(path))
    driver.find_element(By.ID, "btnUpload").click()
    waits.until(expected_conditions.presence_of_element_located((By.ID, "receiptNumber")))


def _written(folder: Path, file: OutgoingFile) -> Path:
    path = folder / file.file_name
    path.write_bytes(file.content)
    return path
