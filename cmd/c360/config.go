package main

import (
	"flag"
	"fmt"
	"net"
	"path/filepath"
	"strings"
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
}

func (c *config) dataFlags(fs *flag.FlagSet) {
	fs.StringVar(&c.data, "data", "data/c360", "the `folder` that holds the log and the read stores")
	fs.StringVar(&c.log, "log", "pebble:", "the log's `engine`; this version has pebble:")
	fs.StringVar(&c.store, "store", "sqlite:", "the read store's `engine`; this version has sqlite:")
	fs.StringVar(&c.region, "region", "KR", "the `country` whose phone numbers are written without +82")
}

func (c *config) serveFlags(fs *flag.FlagSet) {
	c.dataFlags(fs)
	fs.StringVar(&c.listen, "listen", "127.0.0.1:3600", "the `address` to listen on; loopback only, because reads are open")
	fs.StringVar(&c.sources, "sources", "", "write `keys`, name:KEY:grade separated by commas (web:KEY1:claimed,pos:KEY2:asserted);\n"+
		"without it c360 makes two keys on first start and keeps them in the data folder")
	fs.StringVar(&c.tiers, "tiers", "", tiersHelp)
}

// check refuses what this version cannot do, and what would be unsafe.
func (c *config) check() error {
	if c.log != "pebble:" {
		return usageError{fmt.Errorf("--log %q: use pebble:, this version has the embedded log only", c.log)}
	}
	if c.store != "sqlite:" {
		return usageError{fmt.Errorf("--store %q: use sqlite:, this version has the embedded read store only", c.store)}
	}
	if _, err := parseTiers(c.tiers); err != nil {
		return err
	}
	if c.listen == "" {
		return nil
	}
	host, _, err := net.SplitHostPort(c.listen)
	if err != nil {
		return usageError{fmt.Errorf("--listen %q: give host:port, for example 127.0.0.1:3600", c.listen)}
	}
	if !loopback(host) {
		return usageError{fmt.Errorf("--listen %q: reads are open to whoever reaches the address, so c360 listens on loopback only; "+
			"use 127.0.0.1 and put a proxy that knows who is asking in front", c.listen)}
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
func (c *config) viewsDir() string   { return filepath.Join(c.data, "views") }
func (c *config) rejectsDir() string { return filepath.Join(c.data, "rejects") }
func (c *config) sourcesPath() string {
	return filepath.Join(c.data, "sources")
}
