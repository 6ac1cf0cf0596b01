"""The portal with handlers an attacker hopes for; served by the tests in a process of its own."""

import os

import reflex as rx
from reflex_components_core.core.upload import Upload

from billing_app.billing_app import app
from models.enums import Role
from state.guard import guarded
from state.live import feed
from tests.billing_app.planted import SECRET


class Planted(rx.State):
    """Rows worth stealing, and ways in that should be closed."""

    rows: list[str] = []
    note: str = ""

    def helper(self):
        self.note = "helper ran"

    @rx.event
    def undecorated(self):
        self.note = "undecorated ran"

    @rx.event(background=True)
    async def undecorated_background(self):
        async with self:
            self.note = "background ran"

    def set_note(self, value: str):
        self.note = value

    @rx.event
    @guarded()
    async def fill(self):
        self.rows = [SECRET] * 50

    @rx.event
    @guarded(Role.ADMIN)
    async def administer(self):
        self.note = "administered"

    @rx.event
    @guarded()
    async def choose(self, invoice_id: int):
        self.note = f"chose {invoice_id}"

    @rx.event
    @guarded()
    async def count_listeners(self):
        self.note = f"listeners={feed().listeners}"

    @rx.event
    @guarded()
    async def tell_process(self):
        self.note = f"process={os.getpid()} client={self.router.session.client_ip}"

    @rx.event
    @guarded()
    async def fail(self):
        raise RuntimeError(SECRET)

    @rx.event
    @guarded()
    async def take_upload(self, files: list[rx.UploadFile]):
        self.note = f"took {len(files)} in process={os.getpid()}"


def serve():
    """Return the app for the server, with the upload address that a page with an upload would bring."""
    Upload.is_used = True
    return app()
