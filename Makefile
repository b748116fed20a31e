# `make demo` and `make test` do their own set-up: a virtual environment in .venv, made once and
# renewed when pyproject.toml changes. They assume Python 3.11 or newer, and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help demo test audit gate lint install install-test clean

help:
	@echo "make demo   install, then grade a small made-up class"
	@echo "make test   install, then run the whole test suite"
	@echo "make audit  test the tests: every check on right, wrong and changed answers"
	@echo "make gate   all that an author's stages must keep to; one: make gate STAGE=stage08"
	@echo "make lint   ruff and mypy"
	@echo "make clean  remove the virtual environment and what was generated"

demo: install
	@$(BIN)/nngrade demo demo

test: install-test
	$(BIN)/python -m pytest -n auto $(PYTEST)

# Exits with 1 where a right answer loses anything or a wrong one loses nothing.
audit: install
	$(BIN)/nngrade audit

# Exits with 1 where anything that a stage must keep to does not hold.
gate: install
	$(BIN)/nngrade gate $(STAGE)

lint: install-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

install: $(VENV)/installed
install-test: $(VENV)/installed-test

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "nngrade needs Python 3.11 or newer; name one with: make PYTHON=python3.11 ..."; exit 1; }
	@echo "Making a virtual environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "Python's venv module is missing; on Debian and Ubuntu: apt-get install python3-venv"; \
		  rm -rf $(VENV); exit 1; }

$(VENV)/installed: pyproject.toml | $(BIN)/python
	@echo "Installing nngrade and what it needs (a minute or two, once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/installed-test: pyproject.toml | $(BIN)/python
	@echo "Installing nngrade, what it needs and what its tests need (a minute or two, once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[test]"
	@touch $@ $(VENV)/installed

clean:
	rm -rf $(VENV) build dist demo .pytest_cache .mypy_cache .ruff_cache .hypothesis
