# The chores of this project, one name each. `make run PORT=8001 PYTHON=python3.13`: what is given
# here reaches the scripts as environment.
PYTHON ?= python3

.PHONY: run test prove lint messages bench lighthouse sbom audit

# The press office with demo content on http://127.0.0.1:$PORT (8000), until Ctrl-C.
run:
	@$(PYTHON) deploy/run.py

# The whole suite; on another server with `make test DATABASE_URL=postgres://…`. A worker more than there are cores:
# one of them waits for a browser most of the time.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
test:
	@$(PYTHON) deploy/environment.py development
	@PATH="$$PATH:/usr/sbin:/sbin" .venv/bin/python -m pytest -n $(WORKERS)

# The slow proofs.
prove:
	@$(PYTHON) deploy/environment.py development
	@PATH="$$PATH:/usr/sbin:/sbin" .venv/bin/python -m pytest -n auto -m prove

# What a page costs and how many readers the site bears, beside a hello world of the same bytes and nginx with a file;
# releases under load, the database stopped, a worker's start and memory (docs/performance.md). It takes an hour;
# `make bench SIZES="1000 10000"` less.
SIZES ?= 1000 10000 100000
bench:
	@$(PYTHON) deploy/environment.py development
	@PATH="$$PATH:/usr/sbin:/sbin"; for part in "measure $(SIZES)" "load $(SIZES)" publishing outage workers; do \
		echo "bench.$$part"; .venv/bin/python -m bench.$$part || exit 1; done

# Lighthouse over every sort of page of a running site, `make run` for one (docs/performance.md).
SITE ?= http://127.0.0.1:8000
lighthouse:
	@$(PYTHON) -m bench.lighthouse $(SITE)

# What the product is made of, with hashes and licences (CycloneDX), into sbom.json.
sbom:
	@$(PYTHON) deploy/environment.py development
	@.venv/bin/python -m deploy.sbom sbom.json

# Whether a flaw is known in a dependency. Exit status 1: yes; 3: it could not be checked; make itself says 2 to both.
audit:
	@$(PYTHON) deploy/environment.py development
	@.venv/bin/python -m deploy.audit

lint:
	@$(PYTHON) deploy/environment.py development
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	PATH="$$PATH:/usr/sbin:/sbin" EMBEDDED_POSTGRES_DIR=.local/test-postgres .venv/bin/python manage.py makemigrations --check --dry-run
	.venv/bin/djlint --lint --quiet --extend-exclude templates/public templates
	.venv/bin/djlint --lint --quiet --profile jinja templates/public

# The Russian catalogue: what the sources say now into the .po, to be translated there, and the .mo from it.
messages:
	@$(PYTHON) deploy/environment.py development
	.venv/bin/python manage.py makemessages -l ru --no-location --ignore=.venv --ignore=.local --ignore=node_modules --ignore=tests --ignore=bench
	.venv/bin/python manage.py compilemessages -l ru --ignore=.venv --ignore=.local --ignore=node_modules
