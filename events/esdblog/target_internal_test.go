package esdblog

import (
	"strings"
	"testing"
)

// TestNoPartOfAPassword writes passwords into URLs as nobody should: no error, and nothing that names the log, tells any
// part of one.
func TestNoPartOfAPassword(t *testing.T) {
	t.Parallel()
	if _, err := parseTarget("esdb://admin:hush"); err == nil || strings.Contains(err.Error(), "hush") {
		t.Errorf("without a host: %v", err)
	}
	for _, password := range []string{
		"hush", "12hush", "12?hush", "12?hush=1", "12?tls=hush", "12?prefix=$hush", "12?prefix=hush", "12#hush", "12/hush", "12/x,hush", "hu sh", "hu@sh?hush", "12,hush",
		"%zzhush", "12:hush", "12?keepAliveInterval=hush", "hush?tls=true&hush", "hush:12", "?hush", "[hush", "12?%zz=hush",
	} {
		for _, form := range []string{
			"esdb://admin:" + password + "@host:2113?tls=true", "esdb://admin:" + password + "@host", "kurrentdb+discover://admin:" + password + "@host,other",
		} {
			target, err := parseTarget(form)
			if err != nil && strings.Contains(strings.ReplaceAll(err.Error(), " ", ""), "hush") {
				t.Errorf("%s: %v", form, err)
			}
			if err == nil && strings.Contains(target.place(), "hush") {
				t.Errorf("%s is named %s", form, target.place())
			}
		}
	}
}

// TestServerName: the host of an address is what a certificate must name, whatever form it has.
func TestServerName(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{"db.example.com:2113": "db.example.com", "127.0.0.1:2113": "127.0.0.1", "[::1]:2113": "::1", "[fe80::1%eth0]:2113": "fe80::1%eth0"} {
		if got := serverName(addr); got != want {
			t.Errorf("%s: %q, want %q", addr, got, want)
		}
	}
}
