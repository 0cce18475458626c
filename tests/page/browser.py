"""Chromium driven by its DevTools protocol over a pipe, with nothing but the standard library.

Source: https://chromedevtools.github.io/devtools-protocol/. With `--remote-debugging-pipe` messages end with a NUL
byte; the browser reads file descriptor 3 and writes 4.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
import time
from pathlib import Path
from typing import Any, Self

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
ARGUMENTS = (
    "--headless=new", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage",
    "--disable-background-networking", "--disable-extensions", "--hide-scrollbars", "--mute-audio",
)  # fmt: skip
PATIENCE = 20.0


def executable() -> str | None:
    """Where Chromium is; None where it is not."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Browser:
    """One browser, and pages in it one after the other."""

    def __init__(self, path: str) -> None:
        self._home = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        to_read, self._writes = os.pipe()
        self._reads, to_write = os.pipe()
        os.set_blocking(self._reads, False)
        # A sandbox is not to be had as root or in most containers; what is opened here is our own.
        arguments = [path, *ARGUMENTS, "--no-sandbox", f"--user-data-dir={self._home.name}", "about:blank"]
        quiet = os.open(os.devnull, os.O_WRONLY)
        moves = [(os.POSIX_SPAWN_DUP2, quiet, 2), (os.POSIX_SPAWN_DUP2, to_read, 3), (os.POSIX_SPAWN_DUP2, to_write, 4)]
        self._pid = os.posix_spawn(path, arguments, dict(os.environ), file_actions=moves, setpgroup=0)
        for one in (to_read, to_write, quiet):
            os.close(one)
        self._rest = b""
        self._number = 0
        self.session = ""
        self.events: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.killpg(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        self._home.cleanup()

    def open(self, path: Path, width: int = 1400, height: int = 900, scheme: str = "light") -> None:
        """Show a page in a new tab, with a clean record of events."""
        target = self.call("Target.createTarget", {"url": "about:blank"}, top=True)["targetId"]
        attached = self.call("Target.attachToTarget", {"targetId": target, "flatten": True}, top=True)
        self.session = attached["sessionId"]
        self.events = []
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", size)
        self.call("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
        self.call("Page.navigate", {"url": path.as_uri()})
        self.wait("document.readyState === 'complete' && location.protocol === 'file:'")

    def run(self, code: str) -> Any:
        """The value of an expression in the page."""
        answer = self.call("Runtime.evaluate", {"expression": code, "returnByValue": True, "awaitPromise": True})
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait(self, code: str) -> None:
        """Wait until an expression in the page is true."""
        end = time.monotonic() + PATIENCE
        while not self.run(code):
            assert time.monotonic() < end, code
            time.sleep(0.02)

    def press(self, key: str, code: int = 0) -> None:
        """Press and release a key."""
        text = "\r" if key == "Enter" else key if len(key) == 1 else ""
        for kind in ("keyDown", "keyUp"):
            given = {"type": kind, "key": key, "windowsVirtualKeyCode": code, "text": text if kind == "keyDown" else ""}
            self.call("Input.dispatchKeyEvent", given)

    @property
    def complaints(self) -> list[str]:
        """What the page threw, and what the browser refused or could not load."""
        found = []
        for event in self.events:
            if event["method"] == "Runtime.exceptionThrown":
                found.append(str(event["params"]["exceptionDetails"]))
            elif event["method"] == "Log.entryAdded":
                found.append(str(event["params"]["entry"]["text"]))
        return found

    def call(self, method: str, parameters: dict[str, Any] | None = None, *, top: bool = False) -> dict[str, Any]:
        """The answer to one command of the protocol; events that come meanwhile are kept."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters or {}}
        if not top:
            message["sessionId"] = self.session
        os.write(self._writes, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer["error"]
                result: dict[str, Any] = answer["result"]
                return result
            if answer.get("sessionId") == self.session:
                self.events.append(answer)

    def _next(self) -> dict[str, Any]:
        end = time.monotonic() + PATIENCE
        while b"\0" not in self._rest:
            assert time.monotonic() < end, "the browser does not answer"
            try:
                self._rest += os.read(self._reads, 1 << 20)
            except BlockingIOError:
                time.sleep(0.005)
        line, _, self._rest = self._rest.partition(b"\0")
        answer: dict[str, Any] = json.loads(line)
        return answer
