"""A signature on a run says who published it, covers every byte, and is never taken on trust."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from audit.commands.cli import main
from audit.commands.sign_run import check_signature, sign_run
from audit.run.manifest import SIGNATURE, outputs, read_manifest, recorded_id, write_manifest
from pipelines.errors import EXIT_INPUT, EXIT_OK, EXIT_VERIFY, InputError, VerificationError

WHO = "office@example.org"
needs_openssh = pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="OpenSSH is not on this machine")


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A small published run."""
    told = {"inputs": [], "settings": {}, "code": "made", "libraries": {}, "counts": {}, "command": "ringfence run"}
    made = tmp_path / recorded_id(told)
    (made / "tables").mkdir(parents=True)
    (made / "tables" / "flag.csv").write_text("area\n", encoding="utf-8")
    (made / "log.jsonl").write_text("", encoding="utf-8")
    write_manifest(made, {"run_id": made.name, **told})
    return made


def key_of(folder: Path, name: str, kind: str = "ed25519") -> Path:
    command = ["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "", "-f", str(folder / name)]
    subprocess.run(command, check=True, capture_output=True)
    return folder / name


def allowed(folder: Path, key: Path, who: str = WHO, options: str = "") -> Path:
    public = " ".join(key.with_name(f"{key.name}.pub").read_text(encoding="utf-8").split()[:2])
    made = folder / "signers"
    made.write_text(f"# who may sign\n{who} {options}{public}\n", encoding="utf-8")
    return made


@needs_openssh
@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_a_run_that_somebody_of_the_list_signed_is_said_to_be_theirs(run: Path, tmp_path: Path, kind: str) -> None:
    key, before = key_of(tmp_path, "key", kind), outputs(run)
    assert sign_run(run, key) == run / SIGNATURE
    assert check_signature(run, allowed(tmp_path, key)) == WHO
    assert outputs(run) == before, "the signature is no part of the hashed files"
    assert sorted(path.name for path in run.iterdir()) == ["log.jsonl", "manifest.json", SIGNATURE, "tables"]
    sign_run(run, key_of(tmp_path, "another"))
    with pytest.raises(VerificationError):
        check_signature(run, allowed(tmp_path, key))


@needs_openssh
def test_the_commands_sign_and_say_who_signed_and_end_with_14_where_nobody_of_the_list_did(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = key_of(tmp_path, "key")
    monkeypatch.setattr("audit.run.verify.verify", lambda *_, **__: 1)
    check = ["verify", str(run), "--signed-by", str(allowed(tmp_path, key))]
    assert main(check) == EXIT_VERIFY
    assert "the run is not signed" in capsys.readouterr().err
    assert main(["sign", str(run), "--key", str(key)]) == EXIT_OK
    assert main(check) == EXIT_OK
    assert f"Signed by {WHO}." in capsys.readouterr().out
    assert main(["verify", str(run), "--signed-by", str(allowed(tmp_path, key_of(tmp_path, "other")))]) == EXIT_VERIFY
    assert main(["verify", str(run), "--signed-by", str(tmp_path / "nobody")]) == EXIT_INPUT


@needs_openssh
def test_a_signature_of_another_manifest_of_another_purpose_or_out_of_its_time_does_not_hold(
    run: Path, tmp_path: Path
) -> None:
    key = key_of(tmp_path, "key")
    signers = allowed(tmp_path, key)
    sign_run(run, key)
    sound, manifest = (run / SIGNATURE).read_bytes(), (run / "manifest.json").read_bytes()

    def refused(expected: str) -> None:
        with pytest.raises(VerificationError, match=expected) as told:
            check_signature(run, signers)
        assert told.value.exit_code == EXIT_VERIFY

    write_manifest(run, read_manifest(run) | {"counts": {"rows": 1}})
    refused("not one that holds")
    (run / "manifest.json").write_bytes(manifest)
    (run / SIGNATURE).write_bytes(sound[:200])
    refused("not one that holds")
    (run / SIGNATURE).unlink()
    refused("not signed")
    (tmp_path / "kept").write_bytes(sound)
    (run / SIGNATURE).symlink_to(tmp_path / "kept")
    refused("not signed")
    (run / SIGNATURE).unlink()
    command = ["ssh-keygen", "-Y", "sign", "-q", "-f", str(key), "-n", "file"]
    other = subprocess.run(command, input=manifest, capture_output=True, check=True).stdout
    (run / SIGNATURE).write_bytes(other)
    refused("not one that holds")
    (run / SIGNATURE).write_bytes(sound)
    assert check_signature(run, signers) == WHO
    signers = allowed(tmp_path, key, options='valid-before="20000101" ')
    refused("not one that holds")


@needs_openssh
def test_a_run_that_is_not_what_its_manifest_says_and_a_key_that_is_none_are_not_signed(
    run: Path, tmp_path: Path
) -> None:
    key = key_of(tmp_path, "key")
    with pytest.raises(InputError, match="no key at this path"):
        sign_run(run, tmp_path / "none")
    with pytest.raises(InputError, match="the run was not signed"):
        sign_run(run, allowed(tmp_path, key))
    with pytest.raises(InputError, match="not a run"):
        sign_run(tmp_path, key)
    (run / "tables" / "flag.csv").write_text("area\nE1\n", encoding="utf-8")
    with pytest.raises(VerificationError, match=r"not as it was published: tables/flag\.csv"):
        sign_run(run, key)
    assert not (run / SIGNATURE).exists()


def test_without_openssh_one_sentence_says_what_is_missing(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "key").touch()
    (run / SIGNATURE).touch()
    for try_it in (lambda: sign_run(run, tmp_path / "key"), lambda: check_signature(run, tmp_path / "key")):
        with pytest.raises(InputError, match="ssh-keygen is not installed.*Install OpenSSH") as told:
            try_it()
        assert told.value.exit_code == EXIT_INPUT
