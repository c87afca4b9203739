# c360: the five verbs are help, run, test, check and bench. Everything else serves them.
# `make run` and `make test` need Go, Node 20 with npm, make and git, and nothing typed before them.

GO      ?= go
WEB     := services/console/web
BIN     := bin/c360
CACHE   := .cache
LINT    := $(CACHE)/bin/golangci-lint
VULN    := $(CACHE)/bin/govulncheck
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
DEMO    ?= data/demo

.DEFAULT_GOAL := help
.PHONY: help run test check bench build web test-deps lint vuln fuzz test-race kills nats-kills catchup faults pairs swaps flips backtest rebuild-proof asof deploy-check golden verify clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## start c360 with the demo company and open one customer
	$(BIN) demo --data $(DEMO)

build: web ## build bin/c360 with the console inside
	$(GO) build -trimpath -ldflags "-X main.version=$(VERSION)" -o $(BIN) ./cmd/c360

WEB_SOURCES := $(shell find $(WEB) -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)

web: $(WEB)/dist/index.html ## build the console (services/console/web/dist)

$(WEB)/node_modules/.package-lock.json: $(WEB)/package.json $(WEB)/package-lock.json
	cd $(WEB) && npm ci --no-audit --no-fund
	@touch $@

$(WEB)/dist/index.html: $(WEB)/node_modules/.package-lock.json $(WEB_SOURCES)
	cd $(WEB) && npm run build
	@touch $@

test-deps: ## bring what the tests need and the machine lacks (Chromium, fonts, the npm packages)
	@bash .ci/deps

test: test-deps web ## everything CI runs: types, unit tests, real SDKs, a real browser
	cd $(WEB) && npm run check && npm test
	$(GO) vet ./...
	$(GO) test -timeout 20m ./...

check: lint vuln test-race verify ## lint, known vulnerabilities, race detector, generated files

lint: $(LINT) ## golangci-lint with .golangci.yml
	$(LINT) run ./...

vuln: $(VULN) ## govulncheck (needs its database; says so when it cannot reach it)
	$(VULN) ./...

test-race: test-deps web ## the Go tests under the race detector
	$(GO) test -race -short -timeout 40m ./...

verify: ## fail when go.mod is not tidy or files are not formatted
	$(GO) mod tidy -diff
	@test -z "$$(gofmt -l cmd events projections services)" || { gofmt -l cmd events projections services; exit 1; }

bench: build ## c360 beside its raw engines, as a table (EVENTS=5000000 for the big one)
	$(BIN) bench --events $(or $(EVENTS),1000000)

kills: ## 200 kills -9 of a c360 under load; 0 acknowledged events lost, 0 doubled
	C360_KILLS=$(or $(KILLS),200) $(GO) test -count=1 -timeout 60m -run 'Kill' -v ./cmd/c360/... ./events/pebblelog/...

faults: ## each fault of the engines 20 times under load: c360, PostgreSQL, NATS and EventStoreDB killed, stopped, silent (FAULTS=20)
	C360_FAULTS=$(or $(FAULTS),20) C360_ESDB_AWAY=$(or $(AWAY),20) $(GO) test -count=1 -timeout 240m -run 'FaultsOn|KillLogCopy' -v ./cmd/c360

pairs: ## the demo company of 5,000 people on the six pairs of engines: the same rows in every table (CUSTOMERS=5000 MONTHS=18)
	C360_PAIR_CUSTOMERS=$(or $(CUSTOMERS),5000) C360_PAIR_MONTHS=$(or $(MONTHS),18) $(GO) test -count=1 -timeout 60m -run 'SixPairs' -v ./cmd/c360

nats-kills: ## nodes of a NATS cluster killed 100 times under two writers: each, the leader, all at once; nothing lost, nothing doubled (KILLS=100)
	C360_NATS_KILLS=$(or $(KILLS),100) $(GO) test -count=1 -timeout 60m -run 'NodesKilled' -v ./events/natslog

catchup: ## c360 is away from NATS for 20 s at 5,000 touchpoints/s, then catches up at twice that rate or more
	C360_CATCHUP=20 C360_CATCHUP_RATE=5000 $(GO) test -count=1 -timeout 10m -run CatchUp -v ./services/ingest/inlet

swaps: ## 200 swaps of generations killed at every step, 200 under load; one or the other is whole, nobody waits 100 ms
	C360_SWAPS=$(or $(SWAPS),200) C360_LOADED_SWAPS=$(or $(SWAPS),200) $(GO) test -count=1 -timeout 60m -run 'SwapsKilled|SwapUnderLoad' -v ./projections

flips: ## 2,000 flipped bits in a store, each detected or harmless
	C360_FLIPS=$(or $(FLIPS),2000) $(GO) test -count=1 -timeout 60m -run 'Flip|Truncat|Rolled' -v ./events/pebblelog/...

asof: ## 1,000 customers at 20 instants on both clocks, each equal to a store fed that prefix (EVENTS=100000)
	C360_ASOF=$(or $(EVENTS),100000) $(GO) test -count=1 -timeout 120m -run AsOfIsAFreshPrefix -v ./services/query/

backtest: ## the demo company of 5,000 people: who was a member at the end of each month is who is computed now (CUSTOMERS=5000)
	C360_TEST_CUSTOMERS=$(or $(CUSTOMERS),5000) $(GO) test -count=1 -timeout 60m -run 'BacktestIsWhatWasLive' -v ./cmd/c360

rebuild-proof: ## 1,000,000 events with repeats, late arrivals, links and unlinks: a rebuild holds the same bytes
	C360_REBUILD=1 $(GO) test -count=1 -timeout 60m -run 'RebuildProof' -v ./projections

deploy-check: ## deploy/ read by the programs that will read it (helm, promtool, nginx, systemd), the image built by hand
	@bash deploy/tools.sh
	C360_DEPLOY_CHECK=1 $(GO) test -count=1 -timeout 40m -v ./deploy

pg-faults: ## PostgreSQL stopped as in a crash 40 times, connections cut 2,000 times while it is folded; nothing lost, nothing doubled
	C360_PG_CRASHES=$(or $(CRASHES),40) C360_PG_CUTS=$(or $(CUTS),2000) $(GO) test -count=1 -timeout 60m -run 'ServerCrashes|CutAnywhere' -v ./projections/pgstore

golden: ## write the golden data folder of a release, which later versions must open (NAME=v2); never changes one
	C360_GOLDEN=$(or $(NAME),$(error which release? make golden NAME=v2)) $(GO) test -count=1 -run 'TestMakeGolden$$' ./cmd/c360

fuzz: ## every fuzz target for FUZZTIME (30s)
	@bash .ci/fuzz $(or $(FUZZTIME),30s)

$(LINT):
	GOBIN=$(CURDIR)/$(CACHE)/bin $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

$(VULN):
	GOBIN=$(CURDIR)/$(CACHE)/bin $(GO) install golang.org/x/vuln/cmd/govulncheck@v1.8.0

clean: ## remove what was built, not the data
	rm -rf bin $(CACHE) $(WEB)/dist/assets $(WEB)/dist/index.html $(WEB)/node_modules
