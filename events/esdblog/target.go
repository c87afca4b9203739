package esdblog

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// target is what a URL names.
type target struct {
	nodes    []string // host:port
	cluster  bool     // ask the nodes who leads
	prefix   string
	user     string
	secret   string // the authorization header, "" for nobody
	tls      *tls.Config
	gossip   time.Duration
	ping     time.Duration // -1: never
	pingWait time.Duration
}

const (
	defaultPrefix = "c360-"
	example       = "esdb://name:password@host:2113?tls=true"
)

// settings are those of a connection string that mean something here.
var settings = []string{
	"tls", "tlscafile", "tlsverifycert", "usercertfile", "userkeyfile", "keepaliveinterval", "keepalivetimeout", "gossiptimeout", "prefix",
}

// parseTarget reads a connection string. No error of it holds a password, nor a part of one: whatever is wrong with an
// address is not quoted, and neither are settings that may be the rest of one because of a ? in a password.
func parseTarget(text string) (target, error) {
	if rest, ok := strings.CutPrefix(text, "kurrentdb"); ok {
		text = "esdb" + rest
	}
	address, query, _ := strings.Cut(text, "?")
	config, err := esdb.ParseConnectionString(address)
	if err != nil || config.Username == "" && strings.Contains(address, "@") {
		return target{}, errAddress
	}
	t, err := withSettings(address, query)
	if strings.Contains(query, "@") && (err != nil || t.user == "" && strings.Contains(t.prefix, "@")) {
		return target{}, errAddress
	}
	return t, err
}

var errAddress = errors.New("the URL is not one like " + example + ": its host, or what stands before the @, cannot be read (an @, /, ?, # or : in a password is written as %40, %2F, %3F, %23, %3A)")

func withSettings(address, query string) (target, error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return target{}, errors.New("what follows the ? of the URL is not name=value&name=value")
	}
	prefix, err := checkSettings(values)
	if err != nil {
		return target{}, err
	}
	config, err := esdb.ParseConnectionString(address + "?" + values.Encode())
	if err != nil {
		return target{}, fmt.Errorf("a setting of the URL: %w", err)
	}
	t := target{
		prefix: prefix, user: config.Username, gossip: time.Duration(config.GossipTimeout) * time.Second,
		ping: config.KeepAliveInterval, pingWait: config.KeepAliveTimeout, cluster: config.DnsDiscover || len(config.GossipSeeds) > 0,
	}
	t.nodes = nodesOf(config)
	if config.Username != "" {
		t.secret = "Basic " + base64.StdEncoding.EncodeToString([]byte(config.Username+":"+config.Password))
	}
	return t, t.secure(config)
}

// checkSettings refuses what the connection string cannot mean, and takes out what is not the client's.
func checkSettings(values url.Values) (prefix string, err error) {
	prefix = defaultPrefix
	for name := range values {
		switch lower := strings.ToLower(name); {
		case lower == "defaultdeadline":
			return "", errors.New("defaultDeadline is not taken: every call has a deadline of its own")
		case lower == "nodepreference" && !strings.EqualFold(values.Get(name), "leader"):
			return "", errors.New("nodePreference is not taken: a log reads what the leader holds")
		case lower == "nodepreference":
		case lower == "prefix":
			prefix = values.Get(name)
			values.Del(name)
		case !slices.Contains(settings, lower):
			return "", fmt.Errorf("the setting %s is not known: there are %s", name, strings.Join(settings, ", "))
		}
	}
	if prefix == "" || strings.HasPrefix(prefix, "$") || strings.ContainsFunc(prefix, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", fmt.Errorf("prefix=%s: it begins the names of streams, such as c360- (printable ASCII, no $ in front)", prefix)
	}
	return prefix, nil
}

func nodesOf(config *esdb.Configuration) []string {
	if len(config.GossipSeeds) == 0 {
		return []string{config.Address}
	}
	var out []string
	for _, seed := range config.GossipSeeds {
		out = append(out, seed.String())
	}
	return out
}

// secure sets how the connection is encrypted. A password never goes out in the clear, and never gets lost silently.
func (t *target) secure(config *esdb.Configuration) error {
	if config.DisableTLS {
		if config.Username != "" {
			return errors.New("tls=false with a name and password: they would not be sent; take tls=true, or leave them out for a server that runs insecure")
		}
		return nil
	}
	t.tls = &tls.Config{
		MinVersion: tls.VersionTLS12, RootCAs: config.RootCAs,
		InsecureSkipVerify: config.SkipCertificateVerification, //nolint:gosec // asked for with tlsVerifyCert=false
	}
	return t.certificate(config)
}

func (t *target) certificate(config *esdb.Configuration) error {
	if (config.UserCertFile == "") != (config.UserKeyFile == "") {
		return errors.New("userCertFile and userKeyFile belong together")
	}
	if config.UserCertFile == "" {
		return nil
	}
	cert, err := tls.LoadX509KeyPair(config.UserCertFile, config.UserKeyFile)
	if err != nil {
		return fmt.Errorf("userCertFile and userKeyFile: %w", err)
	}
	t.tls.Certificates = []tls.Certificate{cert}
	return nil
}

// place is how messages and errors name the log.
func (t *target) place() string { return strings.Join(t.nodes, ",") + " (" + t.prefix + "…)" }

// untrusted reports whether an error is about the server's certificate.
func untrusted(err error) bool {
	var unknown x509.UnknownAuthorityError
	return errors.As(err, &unknown) || strings.Contains(err.Error(), "x509:") || strings.Contains(err.Error(), "certificate")
}
