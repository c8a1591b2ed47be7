# Every target sets itself up: Python 3.11 or later, git and make are all it needs.
# `make PYTHON=python3.12 run` picks another interpreter, `make JOBS=8 test` more processes.

PYTHON ?= python3
JOBS   ?= 2
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
UV     := $(shell command -v uv 2>/dev/null)

export UV_PYTHON_DOWNLOADS := never
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1

.PHONY: help setup run test dashboard lint format bench e2e chromium evidence lock clean
.DELETE_ON_ERROR:

help: ## lists the targets
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup: $(READY) ## makes .venv with everything pinned in requirements.lock

# The stamp is written last, so an interrupted set-up is taken up again.
$(READY): pyproject.toml requirements.lock
ifdef UV
	$(UV) venv --quiet --allow-existing --python $(PYTHON) $(VENV)
	$(UV) pip install --python $(BIN)/python --constraints requirements.lock --editable '.[all]'
else
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	    --constraint requirements.lock --editable '.[all]'
endif
	@touch $@

run: $(READY) ## simulates the Tet peak at Tan Son Nhat T3
	$(BIN)/sim run sgn-t3-tet

test: $(READY) ## the tests, without a browser
	$(BIN)/python -m pytest -m "not browser and not evidence" -n $(JOBS)

dashboard: $(READY) ## opens the dashboard
	$(BIN)/sim dashboard

lint: $(READY) ## style, format, types and the stairs between rooms
	@failed=; for check in 'ruff check .' 'ruff format --check .' pyright lint-imports; do \
	    echo "-- $$check"; $(BIN)/$$check || failed="$$failed [$$check]"; \
	done; test -z "$$failed" || { echo "lint failed:$$failed" >&2; exit 1; }

format: $(READY) ## puts style and format right where a tool can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY) ## the speed of each part beside a reference in the same run
	$(BIN)/sim bench

e2e: $(READY) chromium ## drives the dashboard in Chromium
	$(BIN)/python -m pytest -m "browser and not evidence"

# Playwright's own download is not used: a distribution's Chromium does.
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
	    || command -v google-chrome >/dev/null || bash .ci/chromium

evidence: $(READY) ## the full version of every claim, resumable, into docs/evidence
	$(BIN)/python -m tests.evidence

lock: ## pins again; `make lock UPGRADE=--upgrade` takes newer versions
	@$(if $(UV),true,test -x .lock/bin/uv || { $(PYTHON) -m venv .lock && .lock/bin/python -m pip install --quiet uv; })
	$(or $(UV),.lock/bin/uv) pip compile --quiet --universal --all-extras --no-annotate $(UPGRADE) \
	    --custom-compile-command "make lock" --python-version 3.11 pyproject.toml -o requirements.lock

clean: ## removes what the targets made, except runs
	rm -rf $(VENV) .lock build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
