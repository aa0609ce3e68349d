# What a person does with this repository; `make` alone lists it.

PREFIX ?= /usr/local
DESTDIR ?=

# The programs are static and position-independent: nothing to load at start-up, addresses still random
# (specs/performance.md has the figures of the other ways). --disable-local-rpath: the C library refuses a library path
# in such a program. Packed relocations: a megabyte less for each process.
STATIC := -c release --static-swift-stdlib --disable-local-rpath \
	-Xswiftc -Xclang-linker -Xswiftc -fuse-ld=lld -Xswiftc -Xclang-linker -Xswiftc -static-pie \
	-Xlinker -z -Xlinker pack-relative-relocs -Xlinker --gc-sections

.DEFAULT_GOAL := help
.PHONY: help setup build test demo programs spectest wasitest races bench e2e soak install format lint check clean

help: ## Show this list
	@sed -n 's/^\([a-z0-9]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 12

setup: ## Install what is missing with apt; asks before using sudo
	scripts/setup

build: ## Build everything, for development
	swift build

test: ## Build and pass every test
	swift test --disable-xctest

demo: build ## Compile a C program to WebAssembly, pack it as an image with our own code, run the image
	scripts/demo .build/debug/wasm-shim

programs: ## Run the real programs of ../shared (or WASM_SHIM_SHARED) with an optimised build
	$(MAKE) install PREFIX=$(CURDIR)/.build/installed
	scripts/run-programs --wasm-shim .build/installed/bin/wasm-shim

spectest: ## Run the official WebAssembly suite of ../shared (or WASM_SHIM_SHARED) with an optimised build
	swift build -c release --product wasm-spectest
	.build/release/wasm-spectest $${WASM_SHIM_SHARED:-../shared}/testsuite Tests/Specification/expected-failures.txt

wasitest: ## The official WASI suite of ../shared (or WASM_SHIM_SHARED), random file operations, a hostile guest
	$(MAKE) install PREFIX=$(CURDIR)/.build/installed
	scripts/run-wasi-testsuite --command "$(CURDIR)/.build/installed/bin/wasm-shim run {dirs} {envs} {file} -- {args}"
	scripts/compare-files --sequences 1000 --command "$(CURDIR)/.build/installed/bin/wasm-shim run --dir {folder}:/ {file}"
	scripts/hostile-guest --command "$(CURDIR)/.build/installed/bin/wasm-shim run --dir {folder}:/in --dir {fixed}:/fixed:ro {file} -- {times}"

races: ## Run guests with threads under ThreadSanitizer
	scripts/check-races

bench: ## Measure start-up, speed and files against other engines, and the shim against runc
	scripts/bench
	scripts/bench-wasi
	scripts/bench-shim --plot specs/memory.svg

e2e: ## Drive the shim with containerd, CRI and Docker; needs root
	$(MAKE) install PREFIX=$(CURDIR)/.build/installed
	scripts/e2e all

soak: ## Ten thousand containers through one containerd: nothing may grow; needs root
	$(MAKE) install PREFIX=$(CURDIR)/.build/installed
	scripts/soak

install: ## Build the programs optimised and put them below PREFIX (/usr/local)
	swift build $(STATIC) --product wasm-shim
	swift build $(STATIC) --product wasm-shim-guest
	swift build $(STATIC) --product containerd-shim-wasmshim-v1
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/libexec
	install -s -m 755 .build/release/wasm-shim $(DESTDIR)$(PREFIX)/bin/wasm-shim
	install -s -m 755 .build/release/containerd-shim-wasmshim-v1 $(DESTDIR)$(PREFIX)/bin/containerd-shim-wasmshim-v1
	install -s -m 755 .build/release/wasm-shim-guest $(DESTDIR)$(PREFIX)/libexec/wasm-shim-guest

format: ## Bring every Swift file into the house's form
	swift format --in-place --parallel --recursive Package.swift Sources Tests Fuzz

lint: ## Say what `make format` would change, and more
	swift format lint --strict --parallel --recursive Package.swift Sources Tests Fuzz

check: lint ## Everything about the sources that needs no build
	scripts/check-layers.py
	scripts/check-specs.py
	scripts/check-unsafe.py
	scripts/generate-protos --check

clean: ## Remove what builds have made
	rm -rf .build
