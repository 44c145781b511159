# Everything a newcomer types. `make help` explains each target.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup pipeline test test-all ui params lint type loopback notebook bench report clean lock

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.installed
# Some images set it, and then every program compiles the libraries anew: the seven stages of
# experiment=smoke took 90 s instead of 39.
unexport PYTHONDONTWRITEBYTECODE
RUN := PATH="$(CURDIR)/$(BIN):$$PATH" OMP_WAIT_POLICY=passive

BENCHMARKS := startup rouge intervals cleaning training generation pipeline growth serving

# Two workers of one thread each; what shares a finished pipeline stays in one worker.
TEST := $(RUN) OMP_NUM_THREADS=1 python -m pytest -n 2 --dist loadgroup

# uv ignores pip's find-links; this hands them over, so that a CPU build of torch kept on disk is used.
export UV_FIND_LINKS ?= $(PIP_FIND_LINKS)
# `make pipeline TORCH=cpu` takes the CPU build from PyTorch's own index (needs that network).
TORCH ?=
UV_TORCH := $(if $(TORCH),--torch-backend=$(TORCH),)

help:  ## say what each target does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 18

setup: $(READY)  ## make .venv from the lock (constraints.txt); nothing global

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo "error: $$($(PYTHON) --version) found, 3.11 to 3.13 needed; next: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'
	@echo "installing from constraints.txt into $(VENV) ..."
	@$(BIN)/uv pip install --quiet --python $(BIN)/python $(UV_TORCH) -c constraints.txt -e '.[dev]'
	@touch $(READY)

pipeline: setup  ## raw reports to a registered challenger: `dvc repro`, then the comparison table
	@$(RUN) dvc repro
	@$(RUN) python pipelines/show.py

test: setup  ## the tests that take under 10 minutes on 2 cores
	@$(TEST) -m "not slow"

test-all: setup  ## every test, the slow ones and the rehearsals too (an hour), with coverage of src/
	@$(TEST) --cov --cov-report=term:skip-covered

ui: setup  ## the MLflow UI, opened where runs are compared
	@$(RUN) radimpress ui

params: setup  ## compose conf/ into params.yaml
	@$(RUN) python pipelines/compose_params.py

lint: setup  ## ruff, import-linter, and params.yaml against conf/
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) lint-imports
	@$(RUN) python pipelines/compose_params.py --check

type: setup  ## mypy, strict, over src/
	@$(RUN) mypy

loopback: setup  ## a SageMaker on this machine, for rehearsals: prints what to export, until Ctrl-C
	@PYTHONPATH=tests $(BIN)/python -m loopback

notebook: setup  ## run notebooks/walkthrough.ipynb from end to end against the loopback
	@$(TEST) tests/notebooks -m "slow or not slow"

bench: setup  ## every benchmark against its peers (an hour on two quiet cores), then docs/performance.md
	@$(RUN) dvc repro --quiet train  # the model that generation and serving are measured with
	@for name in $(BENCHMARKS); do $(RUN) python benchmarks/$$name.py || exit 1; done
	@$(RUN) python pipelines/performance_page.py

bench-gpu: setup  ## FLAN-T5 XL on one GPU: training and generation against transformers
	@$(RUN) python benchmarks/gpu.py

bench-%: setup  ## one of them: bench-rouge, bench-training, ...
	@$(RUN) python benchmarks/$*.py
	@$(RUN) python pipelines/performance_page.py

report: setup  ## print where the HTML report is, made anew if something changed
	@$(RUN) dvc repro evaluate
	@echo "file://$(CURDIR)/reports/report.html"

clean:  ## remove what the pipeline made (not .venv, not mlruns, not DVC's cache)
	rm -rf data/clean data/splits data/params_check.txt reports checkpoints
	rm -rf models/foundation models/finetuned models/registered.json

lock: setup  ## resolve the newest versions that pyproject.toml allows into constraints.txt
	@UV_FIND_LINKS= $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	  --extra test --extra dev pyproject.toml -o constraints.txt
