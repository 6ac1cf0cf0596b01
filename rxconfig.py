"""How the pages are built and served; what differs between installations comes from core.settings."""

import reflex as rx
from reflex.plugins.sitemap import SitemapPlugin
from reflex_base.plugins.tailwind_v4 import TailwindV4Plugin
from reflex_components_radix.plugin import RadixThemesPlugin

from core.settings import get_settings

_ORIGIN = get_settings().public_url

config = rx.Config(
    app_name="billing_app",
    api_url=_ORIGIN,
    deploy_url=_ORIGIN,
    backend_host="127.0.0.1",
    # Also the websocket's Origin check; the framework's default is everybody.
    cors_allowed_origins=[_ORIGIN],
    # State lives in this one process's memory; nothing confidential is pickled into the work tree.
    state_manager_mode=rx.constants.StateManagerMode.MEMORY,
    telemetry_enabled=False,
    show_built_with_reflex=False,
    frontend_compression_formats=["gzip"],
    plugins=[
        RadixThemesPlugin(
            theme=rx.theme(
                accent_color="iris", gray_color="slate", radius="medium", scaling="95%", has_background=False
            )
        ),
        TailwindV4Plugin(),
    ],
    disable_plugins=[SitemapPlugin],
)
