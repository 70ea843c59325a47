# make demo    four release policies compared, with a report to read
# make test    everything that must hold before a change is sent: make check, then the tests
# make check   style, types and the direction of imports
# make bench   speed, as ratios to a reference workload measured beside it
# make results calibration, validation, hypotheses, ranking, golden bytes and pages anew, after a change that moves numbers
#
# Each of them first makes the environment .venv, with the versions of requirements.lock.

PYTHONS := python3.14 python3.13 python3.12 python3.11 python3
BIN := .venv/bin
ENVIRONMENT := .venv/.complete

.PHONY: help demo test check bench results environment lock clean

help:
	@sed -n '/^#/!q;s/^# \{0,1\}//p' Makefile

demo: $(ENVIRONMENT)
	@$(BIN)/aperture compare status_quo closed_frontier open_by_default staged_release --baseline status_quo -r 32 --signs 64 --out demo
	@echo
	@echo "The report is $(CURDIR)/demo/report.html: open it in a browser."

test: check
	$(BIN)/python -m pytest

check: $(ENVIRONMENT)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict sim dashboard
	$(BIN)/lint-imports

bench: $(ENVIRONMENT)
	$(BIN)/python -m benchmarks

results: $(ENVIRONMENT)
	$(BIN)/python -m sim.validation.publish
	$(BIN)/python -m sim.validation.hypotheses
	$(BIN)/python -m sim.experiments.regime_ranking
	$(BIN)/python -m tests.contracts.golden
	$(BIN)/python -m sim.reference_pages

environment: $(ENVIRONMENT)

$(ENVIRONMENT): requirements.lock pyproject.toml
	@python="$(PYTHON)"; \
	if [ -z "$$python" ]; then \
	    for candidate in $(PYTHONS); do \
	        if "$$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	            python="$$candidate"; break; \
	        fi; \
	    done; \
	fi; \
	if [ -z "$$python" ]; then \
	    echo "No Python 3.11 or later with the modules venv and ensurepip was found (tried: $(PYTHONS))." >&2; \
	    echo "Install one, on Debian and Ubuntu with: apt install python3 python3-venv" >&2; \
	    echo "or name one: make $(or $(firstword $(MAKECMDGOALS)),test) PYTHON=/path/to/python" >&2; \
	    exit 1; \
	fi; \
	echo "Installing into .venv with $$("$$python" --version)"; \
	"$$python" -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch $@

# The newest versions that the ranges in pyproject.toml admit, the same ones for every supported Python.
lock: $(ENVIRONMENT)
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --fork-strategy fewest --upgrade \
	    --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --quiet --output-file requirements.lock

clean:
	rm -rf .venv demo build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
