# Everything is started from here; `make help` lists it. Needs Python 3.11 or newer, nothing else.

PYTHON ?= python3
# Test processes side by side; every one has servers of its own. Three for two cores: a good part of the time they wait for
# servers that start, are killed and come back.
WORKERS ?= 3
# Further arguments: make test ARGS="tests/unit -x", make demo ARGS=--exit
ARGS ?=
# How much make fuzz sends: so many requests of Schemathesis to each route; from 600 on every value and form there is.
EXAMPLES ?= 100
RUNS ?= 200
# How often make faults repeats each test, and on which broker: tansu or apache.
TIMES ?= 20
SEEDS ?= 1000
PART ?= domain
SAMPLE ?= 300
# The tests of rules and messaging, and the per cent of branches that they come by.
COVERING := tests/unit tests/messaging tests/simulation tests/services
RULES_COVERED ?= 98
MESSAGING_COVERED ?= 90
ON_SERVERS_COVERED ?= 97
KAFKA ?= tansu

# Compiled code is kept, also where the environment says otherwise: each process of the tests would compile everything
# again, and so would each command that they run.
export PYTHONDONTWRITEBYTECODE :=

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
# The packages that ours is measured beside, for make bench-peers alone.
PEERS := .venv-peers
PACKAGES := services shared deploy tests clients

.DEFAULT_GOAL := help
.PHONY: help install demo up mail drill quick test test-system test-browser test-kafka test-helm test-compose test-lights test-upgrade faults fuzz model simulate mutants coverage contracts scale growth lint format screens bench bench-peers load sustained docs release lock clean

help: ## list what can be done
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

install: $(STAMP) ## install all dependencies, as locked, into .venv

$(STAMP): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed, $(PYTHON) is not: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) >/dev/null || { \
	  echo "$(PYTHON) cannot make a virtual environment: install python3-venv" >&2; exit 1; }
	@echo "Installing what requirements.lock names into $(VENV): about 800 MB, some minutes. It is done once."
	@$(BIN)/python -m pip install --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@touch $@

demo: $(STAMP) ## show one application from registration to the mailed card, on real servers
	@$(BIN)/python -m deploy.demo $(ARGS)

up: $(STAMP) ## run the whole system on this machine until Ctrl-C
	@$(BIN)/python -m deploy.local.up

mail: $(STAMP) ## show the mails of make up or make demo in a browser
	@$(BIN)/python -m deploy.local.mail_viewer $(ARGS)

drill: $(STAMP) ## lose everything on real servers, restore to a point in time, and prove what is there (about three minutes)
	@$(BIN)/python -m deploy.drill $(ARGS)

quick: $(STAMP) ## run the tests that need no server: about a minute
	$(BIN)/python -m pytest -n logical -m "not server" -p no:schemathesis $(ARGS)

test: $(STAMP) ## run all tests on real servers, but those of test-system and test-browser
	$(BIN)/python -m pytest -n $(WORKERS) -m "not system" --ignore=tests/browser $(ARGS)

test-system: $(STAMP) ## run the tests that start the whole system again, kill servers, or send made-up requests
	$(BIN)/python -m pytest -n $(WORKERS) -m system --ignore=tests/browser --ignore=tests/upgrade --ignore=tests/fuzz/test_answers.py $(ARGS)
# pytest-xdist reports, and perhaps runs, one of the tests that Schemathesis makes for each service: these run in one process.
	$(if $(ARGS),,$(BIN)/python -m pytest -n 0 -m system tests/fuzz/test_answers.py)

test-browser: $(STAMP) ## run the tests in a real browser (needs Chromium)
	$(BIN)/python -m pytest -n logical $(or $(ARGS),tests/browser)

test-kafka: $(STAMP) ## run the messaging and end-to-end tests on Apache Kafka (needs Java 17 and Maven)
	ZAIRYU_TEST_KAFKA=apache $(BIN)/python -m pytest -m kafka $(ARGS)

test-lights: $(STAMP) ## take away ten parts of a whole system, one by one, and look for each on the operators' board (minutes)
	ZAIRYU_TEST_LIGHTS=all $(BIN)/python -m pytest -n 0 -v tests/lights $(ARGS)

test-upgrade: $(STAMP) ## replace the release of deploy/previous by this one while people file, and go back (minutes; needs git)
	$(BIN)/python -m pytest -n 0 -v tests/upgrade $(ARGS)

test-helm: ## lint, render and check the Helm chart (builds helm and kubeconform with Go where they are missing)
	@deploy/helm/check.sh

test-compose: $(STAMP) ## run docker-compose.yml on a Docker engine, play the case, restart each container (as root with docker.io starts one)
	@$(BIN)/python -m tests.compose

faults: $(STAMP) ## kill broker and services again and again, TIMES (20) each test; KAFKA=apache for Apache Kafka
	ZAIRYU_TEST_TIMES=$(TIMES) ZAIRYU_TEST_KAFKA=$(KAFKA) $(BIN)/python -m pytest -m faults $(ARGS)

fuzz: $(STAMP) ## send made-up requests to all services and pages, and check changed PDFs and photos, EXAMPLES of each (100), other ones each time
	ZAIRYU_FUZZ_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest tests/fuzz tests/services/document/test_photo_fuzz.py $(ARGS)

model: $(STAMP) ## walk the review service through random steps of several officers, RUNS (200) of 60 steps each
	ZAIRYU_MODEL_EXAMPLES=$(RUNS) ZAIRYU_MODEL_STEPS=60 $(BIN)/python -m pytest -n 0 tests/services/review/test_model.py $(ARGS)

simulate: $(STAMP) ## play SEEDS (1000) simulated runs of the messaging core under drawn faults; SEED=n repeats one and prints its steps
	$(BIN)/python -m tests.simulation $(if $(SEED),--seed $(SEED),--seeds $(SEEDS))

growth: $(STAMP) ## count the pages that every statement of every service looks at with ROWS (10000 100000 1000000) rows (about an hour)
	@$(BIN)/python -m tests.growth $(ROWS) $(ARGS)

scale: $(STAMP) ## divide tables of ROWS (1000000) rows while a service works, and measure plain and divided ones (minutes)
	@$(BIN)/python -m tests.partitions $(or $(ROWS),1000000)

mutants: $(STAMP) ## plant SAMPLE (300) small bugs in PART (messaging, domain, reference) and count those that tests without servers notice
	$(BIN)/python -m tests.mutants $(PART) --sample $(SAMPLE) $(ARGS)

coverage: $(STAMP) ## show the branches of rules and messaging without a test, of the tests that need no server; SERVERS=1: of all
	@mkdir -p .coverage
	$(BIN)/python -m coverage run -m pytest -q -p no:schemathesis -m "$(if $(SERVERS),not system,not server and not system)" $(COVERING) $(ARGS)
	$(BIN)/python -m coverage report --include="services/*" --fail-under=$(RULES_COVERED)
	$(BIN)/python -m coverage report --include="shared/messaging/*" --fail-under=$(if $(SERVERS),$(ON_SERVERS_COVERED),$(MESSAGING_COVERED))

contracts: $(STAMP) ## add what tests read beyond the contracts; ARGS="tests/..." runs them before, RENEW=yes makes all contracts again
ifdef RENEW
	ZAIRYU_TEST_CONTRACTS=renew $(BIN)/python -m pytest -n $(WORKERS) -m "not system"
else
	-$(if $(ARGS),$(BIN)/python -m pytest -n $(WORKERS) $(ARGS))
	$(BIN)/python -m tests.contracts
endif

lint: $(STAMP) ## check style, types, import rules and generated files
	$(BIN)/ruff check $(PACKAGES)
	$(BIN)/ruff format --check $(PACKAGES)
	$(BIN)/mypy $(PACKAGES)
	PYTHONPATH=clients/python $(BIN)/lint-imports
	$(BIN)/python -m shared.events export --check
	$(BIN)/python -m shared.events asyncapi --check
	$(BIN)/python -m shared.events docs --check
	$(BIN)/python -m shared.reference docs --check
	$(BIN)/python -m deploy.settings_table --check
	$(BIN)/python -m deploy.message_table --check
	$(BIN)/python -m deploy.layout_picture --check
	$(BIN)/python -m deploy.observability.dashboards --check
	$(BIN)/python -m deploy.translations template --check
	$(BIN)/python -m tests.cases --check
	$(BIN)/python -m tests.clients --check
	$(BIN)/python -m tests.apis --check

format: $(STAMP) ## put the code into the common format
	$(BIN)/ruff check --fix $(PACKAGES)
	$(BIN)/ruff format $(PACKAGES)

screens: $(STAMP) ## make the pictures of pages in docs/screens again (needs Chromium)
	ZAIRYU_TEST_SCREENSHOTS=docs/screens ZAIRYU_TEST_SCREENS=main $(BIN)/python -m pytest tests/browser $(ARGS)

bench: $(STAMP) ## measure what docs/benchmarks.md lists
	$(BIN)/python -m tests.bench

bench-peers: $(STAMP) $(PEERS)/installed ## measure ours beside FastStream, faststream-outbox and bare loops, on the same servers (minutes)
	$(BIN)/python -m tests.peers $(ARGS)

$(PEERS)/installed: tests/peers/requirements.lock
	@$(PYTHON) -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip install --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

load: $(STAMP) ## people of a PROFILE (everything) at a system: USERS (20) for TIME (120) seconds; ZAIRYU_LOAD_URL names another than its own
	@$(BIN)/python -m tests.load profile $(or $(PROFILE),everything) --users $(or $(USERS),20) --seconds $(or $(TIME),120) $(ARGS)

sustained: $(STAMP) ## submit RATE (50) ready drafts a second, then WHOLE (10) whole applications, MINUTES (60) each; FAULTS=1 kills a service each minute
	@$(BIN)/python -m tests.load sustained --rate $(or $(RATE),50) --whole $(or $(WHOLE),10) --minutes $(or $(MINUTES),60) $(if $(FAULTS),--faults) $(ARGS)

docs: $(STAMP) ## write again what is generated from the code: event schemas, AsyncAPI, pages of the APIs, templates of translations
	$(BIN)/python -m shared.events export
	$(BIN)/python -m shared.events asyncapi
	$(BIN)/python -m shared.events docs
	$(BIN)/python -m shared.reference docs
	$(BIN)/python -m deploy.settings_table
	$(BIN)/python -m deploy.message_table
	$(BIN)/python -m deploy.layout_picture
	$(BIN)/python -m deploy.observability.dashboards
	$(BIN)/python -m deploy.translations template
	$(BIN)/python -m tests.cases
	$(BIN)/python -m tests.clients
	$(BIN)/python -m tests.apis

release: $(STAMP) ## check the version, write bills of materials for the images into dist/, and say how to tag
	@$(BIN)/python -m deploy.release

lock: ## resolve dependencies anew into requirements.lock and one lock per image (UPGRADE=1: newest versions)
	PYTHON=$(PYTHON) UPGRADE=$(UPGRADE) deploy/lock.sh

clean: ## end what is left running here; remove local data, secrets and caches
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m deploy.local.clean; else rm -rf .zairyu; fi
	rm -rf build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find $(PACKAGES) -name __pycache__ -type d -prune -exec rm -rf {} +
