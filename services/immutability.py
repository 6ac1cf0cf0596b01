"""Invoice revisions and their lines are never changed: the session refuses, whoever asks and however."""

from sqlalchemy import event
from sqlalchemy.orm import Mapper, ORMExecuteState, Session

from core.errors import BillingError
from models import InvoiceLine, InvoiceRevision

_IMMUTABLE = (InvoiceRevision, InvoiceLine)


class ImmutableRecordError(BillingError):
    """Something tried to change what was finalised."""

    code = "immutable_record"
    status_code = 409


def _refuse(model: type[object]) -> None:
    message = "A finalised invoice is never changed. Nothing was saved; make a corrected revision instead."
    raise ImmutableRecordError(message, model=model.__name__)


def _refuse_row(mapper: Mapper[object], _connection: object, _row: object) -> None:
    _refuse(mapper.class_)


def _refuse_statement(state: ORMExecuteState) -> None:
    mapper = state.bind_mapper
    if (state.is_update or state.is_delete) and mapper is not None and issubclass(mapper.class_, _IMMUTABLE):
        _refuse(mapper.class_)


for _model in _IMMUTABLE:
    event.listen(_model, "before_update", _refuse_row)
    event.listen(_model, "before_delete", _refuse_row)
event.listen(Session, "do_orm_execute", _refuse_statement)
