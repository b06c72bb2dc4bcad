"""Many pages printed by one Chromium: it is spoken to through two pipes, so nothing listens anywhere.

In: pages and a script to run in each before it is printed. Out: a PDF for each, as `--print-to-pdf` would make it. The
browser has a profile of its own, resolves no name, and is ended with the `with`.
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ABSENT = "no headless Chromium is installed on this machine"
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-quic", "--host-resolver-rules=MAP * ~NOTFOUND",
    "--remote-debugging-pipe",
)  # fmt: skip
PIPES = (
    "import fcntl,os,sys\n"
    "high=[fcntl.fcntl(int(name),fcntl.F_DUPFD,10) for name in sys.argv[1:3]]\n"
    "for wanted,held in zip((3,4),high): os.dup2(held,wanted)\n"
    "os.execvp(sys.argv[3],sys.argv[3:])"
)
"""Puts two pipes where Chromium looks for them, and becomes Chromium."""
LONGEST_SECONDS = 60
PRINT = {"preferCSSPageSize": True, "printBackground": True, "displayHeaderFooter": False}


class PrintBrowser:
    """A browser that prints one page after another. Made by `print_browser`."""

    def __init__(self, said: int, heard: int) -> None:
        """`said` is written to, `heard` is read from."""
        self._said, self._heard = said, heard
        self._number, self._rest, self._session = 0, b"", ""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.ask("Page.enable")

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            if not select.select([self._heard], [], [], LONGEST_SECONDS)[0]:
                raise TimeoutError(f"Chromium said nothing for {LONGEST_SECONDS} seconds")
            more = os.read(self._heard, 1 << 20)
            if not more:
                raise ConnectionError("Chromium ended while it was asked")
            self._rest += more
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)

    def ask(self, method: str, **asked: Any) -> dict[str, Any]:
        """What the browser answers; what it says meanwhile is passed over."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": asked}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._said, json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != self._number:
            pass
        assert "error" not in answer, answer
        return answer["result"]

    def printed(self, page: Path, *, script: str = "", **asked: Any) -> bytes:
        """The page as a PDF, after `script` has run in it."""
        self.ask("Page.navigate", url=page.as_uri())
        while self._next().get("method") != "Page.loadEventFired":
            pass
        if script:
            told = self.ask("Runtime.evaluate", expression=script)
            assert "exceptionDetails" not in told, told
        return base64.b64decode(self.ask("Page.printToPDF", **{**PRINT, **asked})["data"])


@contextmanager
def print_browser() -> Iterator[PrintBrowser]:
    """One headless Chromium, ended afterwards. It reads from file 3 and writes to file 4, as it is made to."""
    hear, said = os.pipe()
    heard, say = os.pipe()
    with tempfile.TemporaryDirectory(prefix="print-browser-", ignore_cleanup_errors=True) as profile:
        program = [str(CHROMIUM), *FLAGS, f"--user-data-dir={profile}", "about:blank"]
        command = [sys.executable, "-c", PIPES, str(hear), str(say), *program]
        browser = subprocess.Popen(command, pass_fds=(hear, say), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(hear)
        os.close(say)
        try:
            yield PrintBrowser(said, heard)
        finally:
            os.close(said)
            os.close(heard)
            browser.terminate()
            browser.wait(timeout=20)
