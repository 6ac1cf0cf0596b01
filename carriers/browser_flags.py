"""How every Chromium of ours is started: without a screen, and talking to nobody but the site."""

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--remote-debugging-pipe",  # Chromium ends by itself when its chromedriver is gone
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--mute-audio",
)
