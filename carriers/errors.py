"""What a carrier's site said, one leaf an answer. What each means for a submission stands in services/outcomes.py."""

from collections.abc import Sequence
from typing import ClassVar

from carriers.exchange import SiteFinding
from core.errors import BillingError


class SiteError(BillingError):
    """Anything a site, or the way to it, said other than yes.

    Attributes:
        template: the sentence for the person; `{site}` is the site's name.
        site_text: the site's own words where it had some.
    """

    code: ClassVar[str] = "site_error"
    status_code: ClassVar[int] = 502
    template: ClassVar[str] = "{site} did not do what was asked. Nothing was changed here; look at the evidence."

    def __init__(self, site: str, site_text: str = "", **facts: object) -> None:
        super().__init__(self.template.format(site=site), site=site, site_text=site_text, **facts)
        self.site = site
        self.site_text = site_text


class SiteUnavailableError(SiteError):
    """The site cannot be reached, is down for maintenance, or answers with a server error."""

    code = "site_unavailable"
    retryable = True
    template = "{site} cannot be reached or is down for maintenance. The file was kept and will be tried again."


class LoginRejectedError(SiteError):
    """The site does not know this user name, password or code."""

    code = "login_rejected"
    template = (
        "{site} refused the log-in. Nothing was sent and the account is not tried again, so that it is not locked; "
        "an administrator must correct the password."
    )


class AccountLockedError(SiteError):
    """The site has locked the account."""

    code = "account_locked"
    template = "{site} has locked the account. Nothing was sent; have the carrier unlock it, then resume the account."


class PasswordExpiredError(SiteError):
    """The site wants a new password before anything else."""

    code = "password_expired"
    template = "The password at {site} has expired. Nothing was sent; change it on the site and enter the new one here."


class ActionNeededError(SiteError):
    """The site wants a person to do something first: accept terms, confirm an address."""

    code = "action_needed"
    template = "{site} asks a person to do something first. Nothing was sent; sign in there, do it, resume the account."


class ChallengeError(SiteError):
    """The site wants proof that a person is there."""

    code = "challenge"
    template = "{site} asks for proof that a person is there. Nothing was sent; a person must sign in there first."


class PageChangedError(SiteError):
    """The page is not the one the profile describes.

    Attributes:
        selector: the selectors that were missing or ambiguous, as one line.
        evidence: label under which the page was captured.
    """

    code = "page_changed"
    template = (
        "A page of {site} no longer looks as its profile describes. Nothing was clicked on it; "
        "an administrator must correct the profile, the evidence shows the page."
    )

    def __init__(self, site: str, selector: str, evidence: str, site_text: str = "") -> None:
        super().__init__(site, site_text, selector=selector, evidence=evidence)
        self.selector = selector
        self.evidence = evidence


class FileRefusedError(SiteError):
    """The site read the file and refused it; `findings` are its reasons."""

    code = "file_refused"
    template = "{site} refused the file. The invoice was kept; correct what the findings name and send it again."

    def __init__(self, site: str, findings: Sequence[SiteFinding], site_text: str = "") -> None:
        super().__init__(site, site_text, findings=len(findings))
        self.findings = tuple(findings)


class DuplicateAtSiteError(SiteError):
    """The site already holds an invoice of this number that is not provably this file."""

    code = "duplicate_at_site"
    template = "{site} already holds an invoice of this number. Nothing more was sent; compare the two and decide."


class ReceiptMissingError(SiteError):
    """The click was made and no receipt was seen: the file may be there or not."""

    code = "receipt_missing"
    template = (
        "The file may have reached {site}, but no receipt was seen. It is not sent again by itself; "
        "look on the site and record what is there."
    )


class HostNotAllowedError(SiteError):
    """The browser was led to a host that the profile does not allow."""

    code = "host_not_allowed"
    template = "{site} led to an address that its profile does not allow. Nothing was typed there; check the site."


class SessionEndedError(SiteError):
    """The site signed us out."""

    code = "session_ended"
    retryable = True
    template = "{site} ended the session. The file was kept and will be tried again."


class BrowserUnavailableError(SiteError):
    """There is no Chromium, no chromedriver or no Grid to drive."""

    code = "browser_unavailable"
    status_code = 503
    retryable = True
    template = (
        "The browser for {site} could not be started. Every file was kept; install chromium and chromium-driver, "
        "or set SELENIUM_REMOTE_URL to a running Selenium Grid."
    )


class BrowserLostError(SiteError):
    """The browser crashed or was killed while it worked."""

    code = "browser_lost"
    status_code = 503
    retryable = True
    template = "The browser stopped while it worked on {site}. The file was kept and will be tried again."


ALL_SIGNALS: tuple[type[SiteError], ...] = (
    SiteUnavailableError,
    LoginRejectedError,
    AccountLockedError,
    PasswordExpiredError,
    ActionNeededError,
    ChallengeError,
    PageChangedError,
    FileRefusedError,
    DuplicateAtSiteError,
    ReceiptMissingError,
    HostNotAllowedError,
    SessionEndedError,
    BrowserUnavailableError,
    BrowserLostError,
)
