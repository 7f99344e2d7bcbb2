# make up runs VoiceLab; make test passes every test. README.md tells the rest.
.DEFAULT_GOAL := help
.PHONY: help up setup test check bench debian

BIN := .venv/bin
PYTHON = $(shell for p in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
INSTALL := .ci/install
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help:
	@echo "make up     sets up and runs VoiceLab"
	@echo "make setup  the install alone"
	@echo "make test   every test, make check included"
	@echo "make check  ruff, mypy, djade and the layering test"
	@echo "make bench  the benchmarks under tests/bench"

up: .venv/.stamp
	@var="$${VOICELAB_VAR:-var}"; { mkdir -p "$$var" && [ -w "$$var" ]; } 2>/dev/null || \
		{ echo "Cannot write to $$var. Point VOICELAB_VAR at a folder you may write to." >&2; exit 1; }
	@exec $(BIN)/python manage.py up

setup: .venv/.stamp

.venv/.stamp: pyproject.toml constraints.txt
	@$(INSTALL) "$(PYTHON)"
	@touch $@

.venv/.stamp-test: pyproject.toml constraints.txt
	@$(INSTALL) "$(PYTHON)" test
	@touch .venv/.stamp $@

debian:
	.ci/debian

test: debian .venv/.stamp-test check
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not redis and not browser"
	$(BIN)/python -m pytest -m "redis or browser"
	.ci/postgres $(BIN)/python -m pytest -n 2 --dist loadfile -m "not redis and not browser" -p tests.database_only

check: .venv/.stamp-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	find templates -name "*.html" | xargs $(BIN)/djade --check --target-version 5.2
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m pytest tests/test_layering.py

bench: .venv/.stamp-test
	@set -e; for file in $(filter-out %/__init__.py %/face.py,$(wildcard tests/bench/*.py tests/bench/*/*.py)); do \
		name=$$(echo $${file%.py} | tr / .); echo "$$name"; $(BIN)/python -m $$name; done
