"""The guard: kinds of handlers stay what they are, roles are asked, values are checked."""

import inspect
from dataclasses import dataclass

import pytest

from core.errors import DeniedError, InvalidInputError, NotSignedInError
from models.enums import Role
from services.actor import Actor
from services.sessions import Principal
from state.guard import PageDeniedError, guarded, principal, require, set_principal


class Page:
    """A page's state, as far as the guard cares."""

    _roles = frozenset({Role.ADMIN})

    @guarded(Role.BILLER)
    async def coroutine(self, number: int, words: list[str] | None = None) -> str:
        return f"{number}{words}"

    @guarded()
    async def async_generator(self):
        yield 1

    @guarded()
    def generator(self):
        yield 1

    @guarded()
    def plain(self, text: str) -> str:
        return text

    @guarded(by_page=True)
    def paged(self) -> str:
        return "page"


@dataclass
class Record:
    """What a browser must not be able to fill."""

    amount: str


def sign_in(*roles: Role) -> None:
    set_principal(Principal("hash", Actor(1, "Dana", frozenset(roles)), "d@hwr.example"))


@pytest.fixture(autouse=True)
def nobody():
    set_principal(None)
    yield
    set_principal(None)


def test_keep_kinds_of_handlers():
    assert inspect.iscoroutinefunction(Page.coroutine)
    assert inspect.isasyncgenfunction(Page.async_generator)
    assert inspect.isgeneratorfunction(Page.generator)
    assert inspect.signature(Page.plain).parameters.keys() == {"self", "text"}


async def test_refuse_everybody_not_signed_in():
    page = Page()
    with pytest.raises(NotSignedInError):
        await page.coroutine(1)
    with pytest.raises(NotSignedInError):
        [event async for event in page.async_generator()]
    with pytest.raises(NotSignedInError):
        list(page.generator())
    with pytest.raises(NotSignedInError):
        page.plain("x")
    with pytest.raises(NotSignedInError):
        principal()


async def test_ask_for_role():
    sign_in(Role.ATTORNEY)
    with pytest.raises(DeniedError, match="permission"):
        await Page().coroutine(1)
    sign_in(Role.BILLER)
    assert await Page().coroutine(1) == "1None"
    assert require(Role.BILLER, Role.ADMIN).name == "Dana"


async def test_run_signed_in_generators():
    sign_in()
    assert [event async for event in Page().async_generator()] == [1]
    assert list(Page().generator()) == [1]


def test_ask_page_for_its_roles():
    sign_in(Role.BILLER)
    with pytest.raises(PageDeniedError):
        Page().paged()
    sign_in(Role.ADMIN)
    assert Page().paged() == "page"


@pytest.mark.parametrize("wrong", [{"number": "1"}, {"number": True}, {"number": 1.0}, {"number": 1, "words": "a"},
                                   {"number": 1, "words": [1]}, {"number": 1, "more": 2}])  # fmt: skip
async def test_refuse_values_of_another_kind(wrong: dict[str, object]):
    sign_in(Role.BILLER)
    with pytest.raises(InvalidInputError, match="cannot be read"):
        await Page().coroutine(**wrong)


async def test_take_values_of_the_kind():
    sign_in(Role.BILLER)
    assert await Page().coroutine(2, ["a"]) == "2['a']"
    with pytest.raises(InvalidInputError):
        await Page().coroutine(*[2, ["a"], 3])


def test_forbid_handler_that_takes_a_record():
    def assign(self, record: Record):
        return record

    with pytest.raises(TypeError, match="take plain values"):
        guarded()(assign)
