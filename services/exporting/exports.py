"""The register of exports: every list of the portal by the name that its addresses use."""

from services.exporting.bills import INVOICES, PROFORMAS, REDUCTIONS, REJECTIONS
from services.exporting.export import Export
from services.exporting.messages import MESSAGES, NOTICES
from services.exporting.records import AUDIT, MATTERS, WORK
from services.exporting.traffic import CARRIERS, MAILINGS, RESULTS, SUBMISSIONS

EXPORTS: dict[str, Export] = {
    export.name: export
    for export in (
        INVOICES,
        PROFORMAS,
        REJECTIONS,
        REDUCTIONS,
        SUBMISSIONS,
        MAILINGS,
        RESULTS,
        CARRIERS,
        AUDIT,
        WORK,
        MATTERS,
        NOTICES,
        MESSAGES,
    )
}
