"""Pages in one headless Chromium: each in a frame of a given width, with a script put into a copy of it.

In: pages, widths, and a script that sets `window.told` or a promise for it. Out: what each told, and what Chromium
wrote. A page's policy stays in force, with these scripts let in by their hashes; Chromium may resolve no name.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from html import unescape
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ABSENT = "no headless Chromium is installed on this machine"
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-quic", "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND", "--allow-file-access-from-files", "--enable-logging=stderr",
)  # fmt: skip
DRIVER = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>waiting</title><body><script>
var pages=PAGES,told=[];
function next(){if(!pages.length){document.title="told "+JSON.stringify(told);return}
var page=pages.shift(),frame=document.createElement("iframe");frame.style.border="0";
frame.width=page[1];frame.height=900;
frame.onload=function(){Promise.resolve(frame.contentWindow.told).then(function(found){told.push(found);},function(error){
told.push({error:String(error)})}).then(function(){frame.remove();next()})};
frame.src=page[0];document.body.append(frame)}
next()</script></body></html>"""


POLICY = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")([^"]*)(">)')
SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def let_in(page: str, script: str) -> str:
    """A page with `script` in its head, which its policy lets run beside the page's own."""
    digests = (hashlib.sha256(body.encode("utf-8")).digest() for body in SCRIPT.findall(script))
    named = "script-src " + " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)

    def widened(found: re.Match[str]) -> str:
        told = found[2].replace("script-src", named) if "script-src" in found[2] else f"{found[2]}; {named}"
        return found[1] + told + found[3]

    return POLICY.sub(widened, page).replace("</head>", script + "</head>", 1)


def run(profile: Path, *arguments: str, seconds: int = 180) -> subprocess.CompletedProcess[str]:
    """Chromium with these arguments and a profile of its own."""
    return subprocess.run(
        [str(CHROMIUM), *FLAGS, f"--user-data-dir={profile}", *arguments],
        capture_output=True, text=True, timeout=seconds, check=False,
    )  # fmt: skip


def ask(pages: Sequence[tuple[Path, int]], script: str, scratch: Path) -> tuple[list[Any], list[str]]:
    """What each page tells at its width, in order, and Chromium's console lines. Copies lie beside the pages."""
    copies: list[tuple[str, int]] = []
    for page, width in pages:
        copy = page.with_name(f"asked-{page.name}")
        copy.write_text(let_in(page.read_text(encoding="utf-8"), script), encoding="utf-8")
        copies.append((copy.as_uri(), width))
    driver = scratch / "driver.html"
    driver.write_text(DRIVER.replace("PAGES", json.dumps(copies)), encoding="utf-8")
    widest = max(width for _, width in pages) + 40
    done = run(
        scratch / "profile", f"--window-size={widest},1000", "--virtual-time-budget=240000", "--dump-dom",
        driver.as_uri(),
    )  # fmt: skip
    for page, _ in pages:
        page.with_name(f"asked-{page.name}").unlink(missing_ok=True)
    found = re.search(r"<title>told (.*?)</title>", done.stdout, re.DOTALL)
    assert found, (done.stdout[:300], done.stderr[-600:])
    return json.loads(unescape(found[1])), [line for line in done.stderr.splitlines() if "CONSOLE" in line]
