# `make help` lists the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PREFIX ?= /usr/local
SWIFT_BUILD = swift build -c release
BINARY = .build/release/ringkey
# git does not keep the mode of a key; ringkey refuses one that others can write to.
PRIVATE_KEYS = chmod 600 samples/*.key.json
export SWIFT_BACKTRACE ?= enable=no

.PHONY: help deps build demo test coverage tsan asan fuzz torture bench reproduce robustness interop samples lint docs dist dist-test
.PHONY: bench-checkpoints bench-keyrings install clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps: ## install what is missing: Debian packages, ONNX Runtime into .deps
	@scripts/deps.sh

build: deps ## build the release binary
	@$(SWIFT_BUILD) --product ringkey
	@$(PRIVATE_KEYS)

demo: build ## verify the sample images and print the table
	@samples/demo.sh $(BINARY)

test: deps ## build and run all tests
	@$(SWIFT_BUILD) --build-tests
	@$(PRIVATE_KEYS)
	@swift test -c release --skip-build

coverage: deps ## run all tests and print the line coverage of each target
	@$(PRIVATE_KEYS)
	@scripts/coverage.sh

tsan: deps ## run the library tests and an audit under ThreadSanitizer
	@$(PRIVATE_KEYS)
	@scripts/sanitize.sh thread

asan: deps ## run the library tests and an audit under AddressSanitizer
	@$(PRIVATE_KEYS)
	@scripts/sanitize.sh address

SECONDS ?= 60
fuzz: deps ## feed every reader of bytes with made-up inputs; SECONDS=60 for each
	@$(PRIVATE_KEYS)
	@fuzz/run.sh $(SECONDS)

bench: build ## time the tool against the same work in Python; writes the tables of docs/benchmarks.md
	@benchmarks/run.sh $(BINARY)

bench-checkpoints: build ## time a checkpoint at real size against PyTorch; REAL=FOLDER for what scripts/interop/real.py made
	@test -d "$(REAL)/sd21" || { echo "make: REAL/sd21 is no folder: python3 scripts/interop/real.py sd21 FOLDER/sd21" >&2; exit 2; }
	@$(SWIFT_BUILD) --product interop
	@"$$(scripts/python-env.sh)" benchmarks/checkpoints.py "$(REAL)/sd21" --write $(ARGUMENTS)

bench-keyrings: build ## time a million keys against NumPy; writes the table of docs/keyring.md
	@$(SWIFT_BUILD) --product key-rings
	@"$$(scripts/python-env.sh)" benchmarks/key_rings.py $(BINARY) .build/release/key-rings 1000000 --write

reproduce: build ## run the paper's experiments, over an hour; writes docs/reproduction.md
	@$(SWIFT_BUILD) --product reproduce
	@benchmarks/reproduce/run.sh $(ARGUMENTS)

robustness: build ## study all attacks over five keys, hours, resumable; writes docs/robustness.md
	@python3 benchmarks/robustness.py --ringkey $(BINARY) --write $(ARGUMENTS)

interop: build ## check tool and checkpoints against diffusers; REAL=FOLDER for what scripts/interop/real.py made
	@$(SWIFT_BUILD) --product interop
	@scripts/interop.sh $(BINARY) $(REAL)

samples: build ## make the sample images anew
	@samples/make_samples.sh $(BINARY)

lint: ## check the formatting of the sources
	@swift format lint --strict --recursive Package.swift Sources Tests benchmarks fuzz

docs: build ## build the modules' documentation into .build/docs; a warning is an error
	@scripts/docs.sh

dist: deps ## make tarball, Debian packages, bill of materials and checksums in dist/
	@scripts/dist/make.sh

dist-test: ## install and run what make dist made in a bare Debian 12; needs root
	@scripts/dist_test.sh

install: deps ## install the tool, with manual and completions, under PREFIX (/usr/local)
	@scripts/dist/stage.sh "$$(scripts/dist/build.sh)" "$(DESTDIR)$(PREFIX)"

torture: build ## break the tool's surroundings while it runs: docs/reliability.md; ARGUMENTS="--minutes 60"
	@python3 scripts/torture/run.py $(BINARY) $(ARGUMENTS)

clean: ## remove what was built (.deps stays)
	@rm -rf .build .build-coverage .build-thread .build-address .build-fuzz .build-dist dist
