# Every target creates the environment it needs; `make certify` and `make test` are all that a fresh machine needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# tests wait for processes and states more than they compute
WORKERS ?= 4
SEED ?= 1
PART ?= 1/1

.PHONY: setup certify certify-all qualify fuzz test lint clients coverage estimate record wheel bench clean

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "make: needs Python 3.11 or newer; set PYTHON=/path/to/python3"; exit 2; }
	@echo "Setting up $(VENV) (once)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

certify: setup  ## judge the embedded reference service; writes reports/latest
	@$(BIN)/batch-conformance run --workers auto

certify-all: setup  ## the same at every api-version, and a matrix; writes reports/versions
	@$(BIN)/batch-conformance run --api-version all --workers auto --fuzz-examples 20 --report reports/versions

qualify: setup  ## what the suite notices of every seeded defect; PART=K/N for a part of them
	@$(BIN)/batch-conformance qualify --part $(PART)

fuzz: setup  ## some minutes of generated requests against the reference service; SEED=n for others
	@$(BIN)/batch-conformance run --fuzz-only --fuzz-examples 6000 --fuzz-time 300 --seed $(SEED) --workers auto --report reports/fuzz

test: setup  ## the suite's own tests
	@$(BIN)/python -m pytest -q -n $(WORKERS) tests

lint: setup  ## ruff and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@for folder in tests $(dir $(wildcard tests/*/*.py)); do echo $$folder; done | sort -u | while read folder; do \
	  MYPYPATH=$$folder $(BIN)/mypy --no-error-summary $$folder/*.py || exit 1; done

clients: setup  ## the official SDKs, each in an environment of its own, for tests/clients
	@$(BIN)/python tests/clients/install.py

coverage: setup  ## docs/coverage.md: what the documents say, and what verifies it
	@$(BIN)/batch-conformance requirements --add-sentences --coverage docs/coverage.md

estimate: setup  ## how many requests each scenario sends at most, for the bound that a run tells before it begins
	@$(BIN)/batch-conformance run --api-version all --workers auto --report reports/versions --update-estimate

record: setup  ## record the embedded reference service anew into cassettes/, one folder for each api-version
	@for version in 2022-01-01.15.0 2024-07-01.20.0; do \
	  $(BIN)/batch-conformance run --api-version $$version --record cassettes/$$version --report reports/record/$$version || exit $$?; done

wheel: setup  ## build the wheel and certify with it from an empty environment
	@$(BIN)/python tests/wheel/check.py

bench: setup  ## rates beside what bounds them
	@$(BIN)/python tests/bench/run.py
	@$(BIN)/python tests/bench/recordings.py
	@$(BIN)/python tests/bench/oracle.py
	@$(BIN)/python tests/bench/fuzz.py

clean:
	rm -rf $(VENV) .venvs dist build reports/latest .pytest_cache .mypy_cache .ruff_cache .hypothesis
