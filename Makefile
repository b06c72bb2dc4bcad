# ringfence. `make audit` does the whole job, `make test` proves it. Needs GNU make and python3.11, nothing else.
# Every path below is relative, so the folder may be anywhere and its name may hold spaces.

SHELL  := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

PYTHON ?= python3.11
ARGS   ?=
BIN    := .venv/bin
READY  := .venv/ready
ROOMS  := audit expectations pipelines reports
PIP    := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq

.PHONY: audit test check bench soak fuzz mutate print-check editions-check sbom dist pythons image release test-airflow help clean

audit: $(READY) ## set up, then run the whole audit on the embedded figures
	@$(BIN)/ringfence run $(ARGS)

# The long functional tests come first, as they are collected: files of few tests would else come last, and one worker wait.
test: $(READY) ## set up, then run the tests (ARGS="-k name" chooses)
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -p no:benchmark $(ARGS)

check: $(READY) ## lint, formatting, order of rooms, types, known weaknesses in the locked packages
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache --no-logo
	@$(BIN)/pyright --pythonpath $(BIN)/python
	@$(BIN)/python tests/dependencies/audit.py

bench: $(READY) .venv/peers ## measure, each figure beside a peer of the same minute
	@$(BIN)/python -m pytest tests/benchmarks -o python_files='bench_*.py' -o python_classes='Bench*' -q --no-header --benchmark-disable-gc \
		--benchmark-columns=median,rounds --benchmark-sort=mean --benchmark-group-by=group $(ARGS)

soak: $(READY) ## runs over changing returns, SOAK_RUNS (200) in SOAK_SECONDS (1500), then every command killed, SOAK_KILLS (500)
	@PYTHONPATH=. $(BIN)/python tests/soak/soak.py
	@PYTHONPATH=. $(BIN)/python tests/soak/kill_commands.py

fuzz: $(READY) ## break returns and payment files at random and read them, for FUZZ_SECONDS (300); what fails is kept in .fuzz
	@$(BIN)/python tests/fuzz/run.py --seconds $${FUZZ_SECONDS:-300}

print-check: $(READY) ## print every page of a run on the embedded figures and read the sheets back, some five minutes
	@RINGFENCE_PRINT_ALL=1 $(BIN)/python -m pytest -q -p no:benchmark tests/functional/test_print.py $(ARGS)

editions-check: $(READY) ## take the column of every edition held out of its map and find it again, one minute
	@RINGFENCE_EVERY_EDITION=1 $(BIN)/python -m pytest -q -p no:benchmark tests/unit/pipelines/adding/test_propose.py $(ARGS)

sbom: $(READY) ## list the locked packages as CycloneDX JSON, in dist/
	@$(BIN)/python tests/dependencies/sbom.py dist/ringfence-audit.cdx.json

dist: sbom ## build source distribution and wheel in dist/, look through them, install the wheel and run it in an empty folder
	@$(BIN)/python tests/release/made.py dist
	@$(BIN)/python tests/release/installed.py dist/*.whl

release: dist ## the same from a commit, and say what it was made from: commit, lock file, hashes, in dist/
	@$(BIN)/python tests/dependencies/sbom.py dist/ringfence-audit.provenance.json dist/*.whl dist/*.tar.gz dist/ringfence-audit.cdx.json

pythons: $(READY) ## run the wheel with every python3.11 to 3.13 at hand, its packages from requirements.lock, and say which were not
	@$(BIN)/python tests/release/made.py dist
	@$(BIN)/python tests/release/pythons.py dist/*.whl

image: $(READY) ## build the container image from Debian's packages and the wheel, and run it (root, buildah, debootstrap)
	@$(BIN)/python tests/release/made.py dist
	@$(BIN)/python tests/release/image.py dist/*.whl

mutate: $(READY) ## change returns and payment files in every way declared, and print what happened to each (originals too, where they are)
	@$(BIN)/python tests/mutate/run.py $(ARGS)

test-airflow: $(READY) .venv-airflow/ready ## run the Airflow example in an Airflow of its own (130 packages, 300 MB)
	@.venv-airflow/bin/python tests/airflow/run_dag.py

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

clean: ## remove what the set-up and the tools made (runs are kept)
	@rm -rf .venv .venv-3.* .venv-airflow .pytest_cache .ruff_cache .hypothesis .benchmarks build dist *.egg-info
	@find $(ROOMS) tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The packages come first: they change only when the lock does. Bytecode is compiled once here, on two cores, because
# loading Great Expectations without it costs four to five seconds of every first run.
.venv/packages: requirements.lock
	@command -v $(PYTHON) >/dev/null || { echo "python3.11 was not found. Install it, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@echo "Setting up .venv from requirements.lock: two to three minutes, once."
	@$(PYTHON) -m venv --clear .venv
	@$(PIP) install --require-hashes --no-deps --only-binary :all: --no-compile -r requirements.lock
	@$(BIN)/python -m compileall -q -j 2 -x '[/\\]tests?[/\\]' .venv/lib > /dev/null || true
	@touch $@

# The project itself: its metadata, the `ringfence` command, and one plain path entry. No network, no build environment.
$(READY): .venv/packages pyproject.toml setup.py
	@$(PIP) install --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .
	@$(BIN)/python -m compileall -q -j 2 $(ROOMS) > /dev/null || true
	@touch $@

# The peers of `make bench` share the environment: they are measured in the same process, or on the same frame.
.venv/peers: requirements-bench.lock .venv/packages
	@$(PIP) install --require-hashes --no-deps --only-binary :all: -r requirements-bench.lock
	@touch $@

# Airflow asks for other versions than ours, so it never shares an environment with ringfence.
.venv-airflow/ready: tests/airflow/requirements.txt
	@echo "Setting up .venv-airflow from tests/airflow/requirements.txt: some minutes, once."
	@$(PYTHON) -m venv --clear .venv-airflow
	@.venv-airflow/bin/python -m pip --disable-pip-version-check --no-input -qq install --no-deps -r tests/airflow/requirements.txt
	@touch $@
