"""The whole job, readable from top to bottom: find the inputs, load, check, assess, draw, publish.

In: folders of returns and payments (the embedded ones by default) and settings. Out: `<out>/<run-id>/`, written under a
temporary name and renamed at the end, so a reader never sees half a run. The same inputs, settings, code and libraries
give the same id, and a repeat says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from audit.account.changed_words import since_lines
from audit.account.own_declarations import refuse_changed
from audit.account.summary import band_counts, result_counts, write_summary, write_summary_text
from audit.revisions.revision_tables import before_this, refuse_reason, write_revisions
from audit.run import manifest, payment_stage, publish, resume
from audit.run.asked_for import RUNS, Options, decided, manifest_content
from audit.run.changes_stage import AS_BEFORE, write_changes
from audit.run.enquiry_stage import answers_folder, enquiry_counts, load_answers
from audit.run.history_stage import earlier_runs, record_history
from audit.run.load_stage import load_tables
from audit.run.open_tables import write_open_tables
from audit.run.payment_stage import load_run_payments
from audit.run.stage_log import StageLog
from audit.run.transfer_stage import load_transfers, transfer_file
from audit.settings import Settings
from pipelines.errors import HungError, UserError
from pipelines.processes import run_lock
from reports.site.changes import Changes

__all__ = ["RUNS", "Job", "Options", "Outcome", "manifest_content", "planned", "run"]
STAGES = 5


@dataclass(frozen=True)
class Outcome:
    """Where the run is, whether it stood there, values set aside, answers not used in full, files that were missing,
    and what moved since the run before: None for the first, and for one that stood there.
    """

    folder: Path
    unchanged: bool
    quarantined: int
    not_used: tuple[str, ...] = ()
    repaired: tuple[str, ...] = ()
    changed: Changes | None = None


def run(options: Options) -> Outcome:
    """Do the whole job, alone in its folder of runs. Raises UserError with its exit code.

    The last good run is never touched; one whose files are gone is made again. A killed run goes on where it stopped.
    """
    settings, inputs = decided(options)
    identity = manifest.run_id(inputs, manifest.settings_record(settings))
    folder = options.out / identity
    missing = resume.missing_parts(folder)
    if missing == ():
        publish.make_latest(folder)
        return _outcome(folder, manifest.read_manifest(folder)["counts"], unchanged=True)
    publish.need_room(options.out, more=payment_stage.room_for(options.payments))
    with run_lock.hold(options.out) as lock:
        work = options.out / f".{identity}.part"
        publish.sweep(options.out, work)
        resume.begin(work)
        log = StageLog(work / "log.jsonl", stages=STAGES, quiet=options.quiet)
        job = Job(options, settings, inputs, identity, work, log, lock)
        try:
            counts = _tables(job)
            changed = _pages(job, counts)
            publish.publish(work, folder)
        except Exception as error:
            unwritable = publish.unwritable(options.out, error)
            if isinstance(error, UserError) and not unwritable and work.is_dir():
                publish.keep_apart(work, identity)
            if unwritable:
                raise unwritable from error
            raise
        finally:
            log.close()
    return replace(_outcome(folder, counts, unchanged=False, repaired=missing or ()), changed=changed)


def planned(options: Options) -> tuple[Path, tuple[str, ...] | None]:
    """Where the run would be published, and which files of it are missing there: none, or None where it stands not.

    Nothing is written. Raises what `run` raises before it begins.
    """
    settings, inputs = decided(options)
    folder = options.out / manifest.run_id(inputs, manifest.settings_record(settings))
    missing = resume.lacking(folder)
    if missing != ():
        publish.need_room(options.out, more=payment_stage.room_for(options.payments))
    return folder, missing


def _outcome(folder: Path, counts: dict[str, Any], *, unchanged: bool, repaired: tuple[str, ...] = ()) -> Outcome:
    told: dict[str, Any] = counts.get("enquiry", {})
    not_used = (*told.get("not_used", ()), *told.get("used_in_part", ()))
    return Outcome(folder, unchanged, int(counts["quarantined"]), not_used, repaired)


@dataclass(frozen=True)
class Job:
    """One run at work."""

    options: Options
    settings: Settings
    inputs: list[dict[str, str]]
    identity: str
    work: Path
    log: StageLog
    lock: int


def _tables(job: Job) -> dict[str, Any]:
    """Load, check and assess, or take what a killed run of the same id had finished. Returns the counts."""
    counts = resume.done(job.work, "audit")
    if counts is not None:
        return counts
    from expectations.running import check_process
    from expectations.suite.suite import SUITES

    tables = job.work / "tables"
    checks = check_process.start_early(keep_open=(job.lock,))
    try:
        counts = _loaded(job)
        with job.log.stage("check") as told:
            check_process.begin(checks, tables, SUITES, job.work)
            _work_ahead(tables, job.settings)
            told["checks"] = check_process.finish(checks).partition("\n")[0].removeprefix("checks ")
        counts |= told
    except BaseException:
        if checks.poll() is None:
            check_process.abandon(checks)
        raise
    with job.log.stage("audit") as told:
        assess_tables(tables, job.settings)
        results, bands = result_counts(tables), band_counts(tables)
        told.update(results)
    refuse_changed(job.inputs)
    counts |= {"results": results, "bands": bands, "quarantined": write_open_tables(job.work)}
    counts |= {"enquiry": told} if (told := enquiry_counts(tables)) else {}
    resume.mark(job.work, "audit", counts)
    return counts


def _loaded(job: Job) -> dict[str, Any]:
    counts = resume.done(job.work, "load")
    if counts is None:
        resume.start_again(job.work)
        with job.log.stage("load") as told:
            tables, workers = job.work / "tables", job.options.workers
            transfers = transfer_file(job.options.transfers, job.settings)
            told.update(load_transfers(transfers, tables, inputs=job.inputs))
            told.update(load_tables(job.options.returns, tables, workers=workers, inputs=job.inputs))
            answers = answers_folder(job.options.answers, job.settings)
            told.update(load_answers(answers, tables, job.settings, workers=workers, inputs=job.inputs))
            told.update(load_run_payments(job.options.payments, tables, workers=workers, inputs=job.inputs))
            record_history(job.options.out, tables, identity=job.identity, recorded=job.options.history)
            reason = refuse_reason(job.options.accept_revisions)
            run = next(filter(publish.is_latest, publish.runs(job.options.out)), None)
            before = before_this(run, job.options.returns, recorded=job.options.history)
            write_revisions(tables, before, job.settings, reason=reason)
        counts = dict(told)
        resume.mark(job.work, "load", counts)
    return counts


def _pages(job: Job, counts: dict[str, Any]) -> Changes | None:
    """Draw the pages and write the manifest with the hash of every file. Returns what moved since the run before."""
    content = manifest_content(job.options, job.settings, job.inputs, job.identity, counts)
    content["earlier_runs"] = earlier_runs(job.work / "tables")
    if accepted := refuse_reason(job.options.accept_revisions):
        content["accepted_revisions"] = accepted
    manifest.write_manifest(job.work, content)
    write_summary(job.work, job.identity, counts)
    with job.log.stage("report") as told:
        from reports.site.render import render_site

        told["pages"] = len(render_site(job.work, workers=job.options.workers))
    resume.end(job.work)
    with job.log.stage("publish") as told:
        told["files"] = len(manifest.write_manifest(job.work, content)["outputs"])
        words, changed = write_changes(job.work, job.options.out / job.identity)
        told |= words
    as_before = job.options.out / job.identity if words.get("changes") == AS_BEFORE else None
    write_summary_text(job.work, since_lines(changed), seconds=job.log.seconds(), as_before=as_before)
    return changed


def assess_tables(tables: Path, settings: Settings) -> None:
    """Run the method on loaded tables."""
    from audit.run.audit_stage import assess

    assess(tables, settings)


def _work_ahead(tables: Path, settings: Settings) -> None:
    """Do what of the method takes longest beside the checks, on the tables as loaded.

    The checks have the last word: the method runs on what they leave, and rows that they set aside may break anything.
    """
    from audit.run.audit_stage import work_ahead

    try:
        work_ahead(tables, settings)
    except HungError:
        raise
    except Exception:  # noqa: BLE001 - whatever is wrong here is told by the checks, or by the method after them
        return
