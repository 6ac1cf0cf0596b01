"""Invoice revisions, their lines and the audit trail are never changed: the session refuses, whoever asks and how."""

from sqlalchemy import event
from sqlalchemy.orm import Mapper, ORMExecuteState, Session

from core.errors import BillingError
from models import AuditEvent, InvoiceLine, InvoiceRevision

_FINALISED = "A finalised invoice is never changed. Nothing was saved; make a corrected revision instead."
_AUDITED = "The audit trail is never changed. Nothing was saved; what happened since is added to it."
_SENTENCES: dict[type[object], str] = {InvoiceRevision: _FINALISED, InvoiceLine: _FINALISED, AuditEvent: _AUDITED}


class ImmutableRecordError(BillingError):
    """Something tried to change what is kept for ever."""

    code = "immutable_record"
    status_code = 409


def _refuse(model: type[object]) -> None:
    raise ImmutableRecordError(_SENTENCES[model], model=model.__name__)


def _refuse_row(mapper: Mapper[object], _connection: object, _row: object) -> None:
    _refuse(mapper.class_)


def _refuse_statement(state: ORMExecuteState) -> None:
    mapper = state.bind_mapper
    if (state.is_update or state.is_delete) and mapper is not None and mapper.class_ in _SENTENCES:
        _refuse(mapper.class_)


for _model in _SENTENCES:
    event.listen(_model, "before_update", _refuse_row)
    event.listen(_model, "before_delete", _refuse_row)
event.listen(Session, "do_orm_execute", _refuse_statement)
