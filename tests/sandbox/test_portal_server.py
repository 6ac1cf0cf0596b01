"""The server as a process: its ports, its end, what it still knows afterwards, a real browser before it."""

import os
import signal
import time
from contextlib import contextmanager
from mailbox import Maildir

import httpx
import pyotp
import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support import expected_conditions as expected
from selenium.webdriver.support.ui import WebDriverWait

from sandbox.portals.running import running_portals
from sandbox.portals.sample_world import PASSWORD, TOTP_SECRET, USERNAME, sample_ledes, sample_world
from tests.sandbox.visitors import form_token

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


@contextmanager
def visitor(portals, slug):
    headers = {"host": f"{slug}.localhost:{portals.port}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{portals.port}", headers=headers, trust_env=False) as client:
        client.post("/Login", data={"UserName": USERNAME, "Password": PASSWORD})
        yield client


def post_invoice(client, number):
    token = form_token(client.get("/Invoices/Upload").text)
    files = {"LedesFile": (f"{number}.txt", sample_ledes(invoice_number=number))}
    return client.post("/Invoices/Upload", data={"__RequestToken": token}, files=files)


@pytest.mark.slow
def test_counts_survive_a_restart(tmp_path):
    with running_portals(sample_world(), tmp_path) as portals:
        assert portals.control.health()["status"] == "ok"
        with visitor(portals, "harbor") as client:
            assert "Invoice accepted" in post_invoice(client, "INV-1").text
        before = portals.control.totals()
    with running_portals(sample_world(), tmp_path) as portals:
        assert portals.control.totals() == before
        assert before["overall"]["accepted"] == 1


@pytest.mark.slow
def test_result_mail_goes_out_by_itself_and_once(tmp_path):
    folder = tmp_path / "mailbox"
    box = Maildir(folder, create=True)
    for _ in range(2):
        with running_portals(sample_world(), tmp_path, mail_folder=folder) as portals:
            if not len(box):
                hand_in(portals)
            deadline = time.monotonic() + 10
            while not len(box) and time.monotonic() < deadline:
                time.sleep(0.05)
            assert len(portals.control.mails()) == 1
    assert len(box) == 1


def hand_in(portals):
    with visitor(portals, "tidewater") as client:
        client.post("/Account/LogOn", data={"uid": USERNAME, "pwd": PASSWORD})
        fields = {"token": form_token(client.get("/Intake/New").text), "by_mail": "yes"}
        client.post("/Intake/New", data=fields, files={"file": ("a.txt", sample_ledes("tidewater-marine"))})


@pytest.mark.slow
def test_stop_cleanly_on_sigterm(tmp_path):
    with running_portals(sample_world(), tmp_path) as portals, visitor(portals, "harbor") as client:
        assert client.get("/Home").status_code == 200
        os.kill(portals.pid, signal.SIGTERM)
        _, status = os.waitpid(portals.pid, 0)
        assert os.waitstatus_to_exitcode(status) == 0


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["drop_reply", "cut_reply"])
def test_lost_reply_breaks_the_connection(tmp_path, kind):
    with running_portals(sample_world(), tmp_path) as portals, visitor(portals, "harbor") as client:
        portals.control.order_fault("harbor", kind)
        with pytest.raises(httpx.TransportError):
            post_invoice(client, "INV-1")
        assert [post["invoice_number"] for post in portals.control.posts("harbor")] == ["INV-1"]
        assert "HMV-" in client.get("/Invoices?number=INV-1").text


class Reader:
    """A browser and patience."""

    def __init__(self, driver):
        self.driver = driver
        self.wait = WebDriverWait(driver, 20, 0.02, ignored_exceptions=[WebDriverException])

    def find(self, selector):
        return self.wait.until(expected.presence_of_element_located((By.CSS_SELECTOR, selector)))

    def click(self, selector):
        self.wait.until(expected.element_to_be_clickable((By.CSS_SELECTOR, selector))).click()

    def type(self, selector, text):
        self.find(selector).send_keys(text)

    def text(self, selector, wanted=""):
        self.wait.until(expected.text_to_be_present_in_element((By.CSS_SELECTOR, selector), wanted))
        return self.find(selector).text


@pytest.fixture
def browser(tmp_path, monkeypatch):
    monkeypatch.setenv("SE_OFFLINE", "true")
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in [*FLAGS.split(), f"--user-data-dir={tmp_path / 'profile'}"]:
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    yield Reader(driver)
    driver.quit()


@pytest.fixture
def portals(tmp_path):
    with running_portals(sample_world(), tmp_path / "portals") as running:
        yield running


def saved(tmp_path, carrier, number="INV-1"):
    path = tmp_path / f"{number}.txt"
    path.write_bytes(sample_ledes(carrier, number))
    return str(path)


def log_in_classic(browser, portals):
    browser.driver.get(portals.url("harbor"))
    browser.type("#txtUserName", USERNAME)
    browser.type("#txtPassword", PASSWORD)
    browser.click("#btnLogin")
    assert browser.text("#welcome", "Welcome") == "Welcome, hwr-billing"


def send_classic(browser, portals, path):
    browser.driver.get(portals.url("harbor", "/Invoices/Upload"))
    browser.type("#fileLedes", path)
    browser.click("#btnUpload")


@pytest.mark.chromium
def test_browse_classic(browser, portals, tmp_path):
    log_in_classic(browser, portals)
    send_classic(browser, portals, saved(tmp_path, "harbor-mutual"))
    assert browser.text("#receiptNumber", "HMV") == portals.control.posts("harbor")[0]["receipt"]


@pytest.mark.chromium
def test_browse_staged(browser, portals, tmp_path):
    browser.driver.get(portals.url("clearpath"))
    browser.type("#user-id", USERNAME)
    browser.type("#pass", PASSWORD)
    browser.click("#signin-submit")
    browser.click('a[href="/files/new"]')
    browser.click('#client option[value="PRAIRI"]')
    browser.type("#invoice-file", saved(tmp_path, "prairie-states"))
    browser.click("#upload-file")
    browser.text("#file-status", "Ready to Submit")
    browser.click("#submit-invoice")
    assert browser.text("#confirmation-number", "CP-") == portals.control.posts("clearpath")[0]["receipt"]


@pytest.mark.chromium
def test_browse_single_page(browser, portals, tmp_path):
    browser.driver.get(portals.url("atlas"))
    browser.type("#login-user", USERNAME)
    browser.type("#login-pass", PASSWORD)
    browser.click(".btn-login")
    browser.type("#file-input", saved(tmp_path, "atlas-specialty"))
    browser.click(".btn-transmit")
    assert browser.text(".toast-receipt", "ATL") == portals.control.posts("atlas")[0]["receipt"]
    browser.driver.get(portals.url("atlas", "/#/invoices?number=INV-1"))
    browser.click(".g-number a")
    browser.find('#detail-view[data-loaded="true"]')
    assert browser.text(".detail-status") == "Approved"


@pytest.mark.chromium
def test_browse_two_step(browser, portals, tmp_path):
    browser.driver.get(portals.url("granite"))
    browser.type("#j_username", USERNAME)
    browser.type("#j_password", PASSWORD)
    browser.click("#continue")
    browser.type("#otp", pyotp.TOTP(TOTP_SECRET).now())
    browser.click("#verify")
    browser.click("#menu-submit")
    browser.type("#attachment", saved(tmp_path, "granite-surety"))
    browser.click("#sendInvoice")
    assert browser.text("#reference", "GS") == portals.control.posts("granite")[0]["receipt"]


@pytest.mark.chromium
def test_browser_repeats_a_dropped_post_by_itself(browser, portals, tmp_path):
    """Not a wish but a fact of Chromium, which whoever sends files must reckon with."""
    log_in_classic(browser, portals)
    portals.control.order_fault("harbor", "drop_reply")
    send_classic(browser, portals, saved(tmp_path, "harbor-mutual"))
    browser.text("#receiptNumber", "HMV")
    assert portals.control.totals()["overall"]["duplicates"] == 1


@pytest.mark.chromium
def test_browser_leaves_a_cut_reply_alone(browser, portals, tmp_path):
    log_in_classic(browser, portals)
    portals.control.order_fault("harbor", "cut_reply")
    send_classic(browser, portals, saved(tmp_path, "harbor-mutual"))
    browser.wait.until(lambda _: portals.control.posts("harbor"))
    browser.driver.get(portals.url("harbor", "/Invoices?number=INV-1"))
    assert browser.text(".col-receipt", "HMV")
    assert portals.control.totals()["overall"]["accepted"] == 1
