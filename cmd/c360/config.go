package main

import (
	"flag"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"time"
)

// config is what every subcommand that opens a data folder needs to know.
type config struct {
	data    string
	listen  string
	sources string
	log     string
	store   string
	region  string
	tiers   string
	roles   string
	nats    string
	drain   time.Duration
	// openReads says that something in front of the address decides who may read.
	openReads bool
}

func (c *config) dataFlags(fs *flag.FlagSet) {
	fs.StringVar(&c.data, "data", "data/c360", "the `folder` that holds the log and the read stores")
	fs.StringVar(&c.log, "log", "pebble:", "the log's `engine`: "+logEngines)
	fs.StringVar(&c.store, "store", "sqlite:", "the read store's `engine`: "+storeEngines)
	fs.StringVar(&c.region, "region", "KR", "the `country` whose phone numbers are written without +82")
}

func (c *config) serveFlags(fs *flag.FlagSet) {
	c.dataFlags(fs)
	fs.StringVar(&c.listen, "listen", "127.0.0.1:3600", "the `address` to listen on; of a process that answers reads loopback only, because they\n"+
		"are open to whoever reaches it, unless --open-reads")
	fs.BoolVar(&c.openReads, "open-reads", false, "answer reads to whoever reaches the address: something in front of it decides who that is")
	fs.StringVar(&c.roles, "roles", strings.Join(allRoles(), ","), "what this process does, of ingest, project, query and console; `roles` can be split\n"+
		"over processes that share a log and a read store")
	fs.StringVar(&c.nats, "nats", "", natsHelp)
	fs.DurationVar(&c.drain, "drain", 0, "how long /readyz says no before requests are refused, when c360 is told to stop")
	fs.StringVar(&c.sources, "sources", "", "write `keys`, name:KEY:grade separated by commas (web:KEY1:claimed,pos:KEY2:asserted);\n"+
		"without it c360 makes two keys on first start and keeps them in the data folder")
	fs.StringVar(&c.tiers, "tiers", "", tiersHelp)
}

// check refuses what this version cannot do, and what would be unsafe.
func (c *config) check() error {
	if err := c.checkEngines(); err != nil {
		return err
	}
	if _, err := parseTiers(c.tiers); err != nil {
		return err
	}
	r, err := parseRoles(c.roles)
	if err != nil {
		return usageError{fmt.Errorf("--roles: %w", err)}
	}
	if err := r.fits(c.logKind()); err != nil {
		return usageError{fmt.Errorf("--roles %s: %w", c.roles, err)}
	}
	return c.checkListen(r)
}

// checkListen refuses an address at which anybody could read. What a process with the role project alone answers beside
// its health is refused one by one (query.Config.Operations).
func (c *config) checkListen(r roles) error {
	if c.listen == "" {
		return nil
	}
	host, _, err := net.SplitHostPort(c.listen)
	if err != nil {
		return usageError{fmt.Errorf("--listen %q: give host:port, for example 127.0.0.1:3600", c.listen)}
	}
	if r.query && !loopback(host) && !c.openReads {
		return usageError{fmt.Errorf("--listen %q: reads are open to whoever reaches the address, so c360 listens on loopback only; "+
			"use 127.0.0.1 and put a proxy that knows who is asking in front, or say with --open-reads that there is one already", c.listen)}
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// The layout of a data folder. The high-water mark lies beside the log's store, not in it.
func (c *config) logDir() string     { return filepath.Join(c.data, "log") }
func (c *config) markPath() string   { return filepath.Join(c.data, "log.mark") }
func (c *config) rejectsDir() string { return filepath.Join(c.data, "rejects") }
func (c *config) sourcesPath() string {
	return filepath.Join(c.data, "sources")
}
