"""Signed runs: a signature over the manifest, which holds the hash of every file, made and checked by `ssh-keygen -Y`.

In: the folder of a run, and a key or a list of those who may sign (`man ssh-keygen`, ALLOWED SIGNERS). Out: the
signature beside the manifest, no part of the hashed files; or the name of who signed. Refused: a run that is not what
its manifest says, a signature that is absent, of another manifest or of nobody in the list, and a machine without
OpenSSH.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from audit.run.manifest import MANIFEST, SIGNATURE, read_whole
from audit.run.verify import need_run, read_run
from pipelines.errors import InputError, Place, VerificationError
from pipelines.isolated import program
from pipelines.lasting import write_text

NAMESPACE = "ringfence-run"
LONGEST_SECONDS = 300  # a person may have to type a passphrase or touch a key


def _keygen(*arguments: str, given: bytes) -> subprocess.CompletedProcess[bytes]:
    found = program("ssh-keygen")
    if found is None:
        raise InputError(
            "ssh-keygen is not installed, so runs can neither be signed nor their signatures checked",
            do="Install OpenSSH 8.2 or later (Debian: apt-get install openssh-client).",
        )
    try:
        return subprocess.run(  # noqa: S603 - a program that was looked for, and arguments of ours
            [found, "-Y", *arguments], input=given, capture_output=True, timeout=LONGEST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise InputError(f"ssh-keygen did not end within {LONGEST_SECONDS} seconds", do="Unlock the key.") from error


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = (done.stderr or done.stdout).decode("utf-8", errors="replace").strip().splitlines()
    return lines[-1][:200] if lines else f"it ended with {done.returncode}"


def _readable(path: Path, what: str) -> Path:
    if not path.is_file():
        raise InputError(f"there is no {what} at this path", place=Place(str(path)), expected=f"a file: {what}")
    return path.absolute()


def signature_of(run: Path, key: Path) -> Path:
    """Where the signature of a run lies. Raises what `sign_run` does before it signs."""
    need_run(run)
    read_whole(run, below="")
    _readable(key, "key")
    return run / SIGNATURE


def sign_run(run: Path, key: Path) -> Path:
    """Sign a run with a private key, or a public one whose private half an agent holds. Returns the signature's path.

    Raises VerificationError for a run that is not what its manifest says.
    """
    place, own = signature_of(run, key), _readable(key, "key")
    done = _keygen("sign", "-q", "-f", str(own), "-n", NAMESPACE, given=(run / MANIFEST).read_bytes())
    if done.returncode or b"BEGIN SSH SIGNATURE" not in done.stdout:
        raise InputError(f"the run was not signed ({_said(done)})", place=Place(str(key)), expected="a key of OpenSSH")
    write_text(place, done.stdout.decode("ascii"))
    return place


def check_signature(run: Path, allowed: Path) -> str:
    """Who of the list signed the run. Raises VerificationError where nobody did."""
    read_run(run)
    listed, signature = _readable(allowed, "list of allowed signers"), run / SIGNATURE
    if not signature.is_file() or signature.is_symlink():
        raise VerificationError(
            "the run is not signed", place=Place(str(run)), expected=f"{SIGNATURE} beside its manifest",
            do="Ask the publisher for the signature, or sign it: ringfence sign RUN --key FILE.",
        )  # fmt: skip
    manifest = (run / MANIFEST).read_bytes()
    named = _keygen("find-principals", "-s", str(signature.absolute()), "-f", str(listed), given=b"")
    why = "its key is not in the list"
    for name in named.stdout.decode("utf-8", errors="replace").splitlines() if not named.returncode else ():
        of = ("-f", str(listed), "-I", name, "-n", NAMESPACE, "-s", str(signature.absolute()))
        done = _keygen("verify", *of, given=manifest)
        if not done.returncode:
            return name
        why = _said(done)
    raise VerificationError(
        f"the signature is not one that holds ({why})", place=Place(str(signature)),
        expected=f"this manifest, signed by somebody in {allowed.name}",
        do="Take the run, or the list, from the publisher again; do not rely on it.",
    )  # fmt: skip
