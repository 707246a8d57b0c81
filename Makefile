# Every command of the project. `make help` lists them; each prints how long its parts took.
.DEFAULT_GOAL := help
.PHONY: help run check test proof bench fuzz faults contract seed

help: ## Lists the commands
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile

run: ## Builds everything and starts the demo at http://localhost:8080
	@bash tools/run.sh

check: ## Format, types, lints and the tests that need no database or browser (a few minutes)
	@bash tests/run.sh format types unit clippy lib licences

test: ## The whole test suite; installs the Debian packages it lacks when it may
	@bash tests/run.sh packages format types unit build clippy licences api+axe faults client bombs film strain evening unlost exit+desk room+handover work+reply lead+attach report+stories tips+polls ideas+posts dialogues+leaving push chromium+firefox

proof: ## What takes long or is measured: fuzzing, a thousand wrong codes, five hundred takes at once, ten thousand votes, a backup under load, a sender that is killed twenty times, one tip to a hundred thousand phones, the long fault runs, two versions at once, a film of 100 MB, a thousand phones that come back, a room that a thousand follow, a node that is killed under two thousand, a Friday evening, every screen in every look, Lighthouse, an answer in under a second, the weight of a page, memory, cold start, the cipher
	@bash tests/run.sh packages build release fuzz codes takes votes backup kills told storm versions bigfile pulls fullroom nodes friday looks lighthouse answer page idle price

bench: ## The load tests beside their peers [ONLY=messages|sync|reports|push|fanout]
	@bash tests/load/bench.sh $(ONLY)

fuzz: ## libFuzzer over the parsers that meet strangers' bytes [PARSER=name] [SECONDS_EACH=60]
	@bash tests/fuzz/run.sh

faults: ## People on phones against the real program while everything fails [SEED= PHONES= ACTIONS= KILLS= DB=sqlite|postgres]
	@bash tests/faults/run.sh

contract: ## Writes openapi/openapi.json from the code, and the app's types from it
	@bash tools/contract.sh

seed: ## Fills an empty demo database with the demo town (data/demo), without starting it
	@bash tools/seed.sh
