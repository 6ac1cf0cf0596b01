"""The menu that takes a list out of the portal as a file, as it is filtered now."""

import reflex as rx

from pages.ui.file_link import file_link

_FORMS = (("xlsx", "Excel workbook"), ("csv", "CSV"))
_OTHER_FORMS = {"invoices": (("zip", "PDF of each invoice"),)}


def export_menu(name: str, query: rx.Var[str] | str) -> rx.Component:
    """Return the menu of one list of `services.exporting`; `query` is its address's filters, as in '?view=owed'."""
    forms = (*_FORMS, *_OTHER_FORMS.get(name, ()))
    links = [
        file_link(label, href=f"/files/export/{name}.{form}{query}", download=True, class_name="menu-item")
        for form, label in forms
    ]
    summary = rx.el.summary(rx.icon("download", size=15, aria_hidden="true"), "Export", class_name="export-button")
    return rx.el.details(
        summary, rx.el.div(*links, class_name="menu export-forms"), class_name="person-menu export-menu"
    )
