# `make demo` and `make test` do their own set-up: a virtual environment in .venv, made once and
# renewed when pyproject.toml changes. They assume Python 3.11 or newer, and make.
#
# Each target installs what it needs and no more, and leaves a mark of its own: after `make demo`
# there is no JupyterLab yet.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help demo test slow again quick audit gate lint constraints docs install install-core install-test \
	install-docs clean

help:
	@echo "make demo         install the grader, then grade a small made-up class"
	@echo "make install      install all: JupyterLab, nbgrader, matplotlib and the rest"
	@echo "make quick        the tests that take a minute: enough while writing"
	@echo "make test         the tests that take a few minutes; make slow: all the others"
	@echo "make again        the tests that failed last time, one after another"
	@echo "make audit        test the tests: every check on right, wrong and changed answers"
	@echo "make gate         all that an author's stages must keep to; one: make gate STAGE=stage08"
	@echo "make lint         ruff and mypy"
	@echo "make constraints  renew the versions that the grader is installed with"
	@echo "make docs         the documentation site, in build/docs; a broken link is an error"
	@echo "make clean        remove the virtual environment and what was generated"

demo: install-core
	@$(BIN)/nngrade demo demo

# Real terms, browsers, servers, kernels and most attacks are slow: `make slow` runs those.
test: install-test
	$(BIN)/python -m pytest -n auto -m "not slow" $(PYTEST)

slow: install-test
	$(BIN)/python -m pytest -n auto -m slow $(PYTEST)

# The last run's failures, one after another with nothing beside them; more than five are no accident.
again: install-test
	$(BIN)/python .ci/again.py

# Parts of the engine by themselves; nothing that starts programs or grades a real stage.
QUICK := audit authoring catalogue class_report course datasets diagnosis formats grading handout \
	runs submissions worker

quick: install-test
	$(BIN)/python -m pytest -n auto -m "not slow and not thorough" $(PYTEST) \
		$(addprefix tests/,$(QUICK)) $(wildcard tests/test_*.py)

# Exits with 1 where a right answer loses anything or a wrong one loses nothing.
audit: install-core
	$(BIN)/nngrade audit $(AUDIT)

# Exits with 1 where anything that a stage must keep to does not hold.
gate: install
	$(BIN)/nngrade gate $(STAGE)

lint: install-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The versions that are tried here, and that GitHub, GitLab and Docker grade with.
constraints:
	$(PYTHON) .ci/constraints.py

# From the beginning, strictly: pages that are kept from last time would not warn again.
docs: install-docs
	$(BIN)/python -m sphinx --quiet --fresh-env --nitpicky --fail-on-warning docs build/docs
	@echo "The site is in build/docs; open build/docs/index.html"

install: $(VENV)/installed-all
install-core: $(VENV)/installed-core
install-test: $(VENV)/installed-test
install-docs: $(VENV)/installed-docs

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "nngrade needs Python 3.11 or newer; name one with: make PYTHON=python3.11 ..."; exit 1; }
	@echo "Making a virtual environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "Python's venv module is missing; on Debian and Ubuntu: apt-get install python3-venv"; \
		  rm -rf $(VENV); exit 1; }

# Whatever else is installed, the grader's own packages are those that it grades with elsewhere.
LOCK := autograder/constraints.txt
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint $(LOCK)

$(VENV)/installed-core: pyproject.toml $(LOCK) | $(BIN)/python
	@echo "Installing the grader and what it needs (half a minute, once) ..."
	@$(PIP) --editable .
	@touch $@

$(VENV)/installed-all: pyproject.toml $(LOCK) | $(BIN)/python
	@echo "Installing nngrade with all of its extras (a minute or two, once) ..."
	@$(PIP) --editable ".[all]"
	@touch $@

$(VENV)/installed-test: pyproject.toml $(LOCK) | $(BIN)/python
	@echo "Installing nngrade, all of its extras and what its tests need (a minute or two, once) ..."
	@$(PIP) --editable ".[test]"
	@touch $@

$(VENV)/installed-docs: pyproject.toml $(LOCK) | $(BIN)/python
	@echo "Installing nngrade and what its documentation needs (a minute or two, once) ..."
	@$(PIP) --editable ".[docs]"
	@touch $@

clean:
	rm -rf $(VENV) build dist demo .pytest_cache .mypy_cache .ruff_cache .hypothesis
