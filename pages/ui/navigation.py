"""The product's name and the pages offered in its navigation, in order."""

from dataclasses import dataclass

from models.enums import Role

PRODUCT = "Billing portal"
_STAFF = (Role.BILLER, Role.ADMIN)


@dataclass(frozen=True)
class NavItem:
    """A page in the navigation. No roles means everybody; primary ones stand in a phone's bottom bar."""

    href: str
    label: str
    icon: str
    roles: tuple[Role, ...] = ()
    is_primary: bool = False


# Stands in the navigation only while something waits for the person.
WAITING = NavItem("/attest", "Waiting", "hourglass", is_primary=True)
NAVIGATION = (
    NavItem("/", "Today", "sun", is_primary=True),
    NavItem("/review", "Review", "list-checks", (Role.ATTORNEY, Role.BILLER, Role.ADMIN), is_primary=True),
    NavItem("/billing", "Billing", "calculator", (Role.BILLER,), is_primary=True),
    NavItem("/matters", "Matters", "briefcase", (Role.BILLER, Role.ATTORNEY, Role.ADMIN)),
    NavItem("/invoices", "Invoices", "receipt-text", is_primary=True),
    NavItem("/submissions", "Submissions", "send", _STAFF, is_primary=True),
    NavItem("/mail", "Mail and paper", "mail", _STAFF),
    NavItem("/rejections", "Rejections", "scissors", (Role.BILLER, Role.ATTORNEY, Role.ADMIN)),
    NavItem("/results", "Results", "mail-check", _STAFF),
    NavItem("/reports", "Reports", "chart-column", (Role.BILLER, Role.ATTORNEY, Role.ADMIN)),
    NavItem("/ledes", "LEDES files", "file-check", (Role.BILLER, Role.ATTORNEY, Role.ADMIN)),
    NavItem("/notifications", "Notifications", "bell"),
    NavItem("/carriers", "Carriers", "building-2", (Role.ADMIN,)),
    NavItem("/people", "People", "users", (Role.ADMIN,)),
    NavItem("/audit", "Audit trail", "scroll-text", (Role.ADMIN,)),
)
