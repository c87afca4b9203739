package natslog_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nkeys"

	"github.com/c360hq/c360/events/natslog/natstest"
)

// authority signs certificates for 127.0.0.1, into files.
type authority struct {
	dir  string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{dir: t.TempDir()}
	a.cert, a.key = a.issue(t, "ca")
	return a
}

func (a *authority) file(name string) string { return filepath.Join(a.dir, name) }

// issue writes NAME.pem and NAME.key. The first one is the authority's own.
func (a *authority) issue(t *testing.T, name string) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: a.cert == nil, BasicConstraintsValid: true,
	}
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	must(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	must(t, err)
	for file, block := range map[string]*pem.Block{name + ".pem": {Type: "CERTIFICATE", Bytes: der}, name + ".key": {Type: "PRIVATE KEY", Bytes: secret}} {
		must(t, os.WriteFile(a.file(file), pem.EncodeToMemory(block), 0o600))
	}
	cert, err := x509.ParseCertificate(der)
	must(t, err)
	return cert, key
}

// server returns the settings of a server that has a certificate of this authority, and asks for one. (With TLS 1.3 a client
// would come to know that it is refused only when it reads, if it then still can.)
func (a *authority) server(t *testing.T) *tls.Config {
	t.Helper()
	a.issue(t, "server")
	cert, err := tls.LoadX509KeyPair(a.file("server.pem"), a.file("server.key"))
	must(t, err)
	known := x509.NewCertPool()
	known.AddCert(a.cert)
	return &tls.Config{Certificates: []tls.Certificate{cert}, ClientCAs: known, ClientAuth: tls.RequireAndVerifyClientCert, MinVersion: tls.VersionTLS12, MaxVersion: tls.VersionTLS12}
}

// TestTLS opens a log over TLS, with certificates on both sides and a password.
func TestTLS(t *testing.T) {
	t.Parallel()
	a, other := newAuthority(t), newAuthority(t)
	s := natstest.Start(t, func(o *server.Options) {
		o.TLS, o.TLSConfig, o.TLSTimeout = true, a.server(t), 10
		o.Username, o.Password = "shop", secret
	})
	a.issue(t, "client")
	url := strings.Replace(s.URLAs("shop", secret, "TLS"), "nats://", "tls://", 1)
	own := "&cert=" + a.file("client.pem") + "&key=" + a.file("client.key")
	refuses(t, url+own, "unknown authority")
	refuses(t, url+own+"&ca="+other.file("ca.pem"), "unknown authority")
	refuses(t, url+own+"&ca="+a.file("no.pem"), "no.pem")
	refuses(t, url+"&ca="+a.file("ca.pem"), "tls error: remote error")
	l := open(t, options(t, url+own+"&ca="+a.file("ca.pem")))
	fill(t, l, 0, 20, 5)
	verify(t, l)
}

// TestCredentials opens a log with a creds file, on a server that trusts an operator.
func TestCredentials(t *testing.T) {
	t.Parallel()
	trust, creds, stranger := operator(t)
	s := natstest.Start(t, trust)
	refuses(t, s.URL("CREDS"), "refuses")
	refuses(t, s.URL("CREDS")+"&creds="+stranger, "refuses")
	refuses(t, s.URL("CREDS")+"&creds="+creds+".not", "creds.not")
	l := open(t, options(t, s.URL("CREDS")+"&creds="+creds))
	fill(t, l, 0, 20, 5)
	verify(t, l)
}

// operator makes an operator with two accounts, one of them the server's own, and the creds files of a user of the other
// account and of somebody whom nobody knows.
func operator(t *testing.T) (trust func(*server.Options), creds, stranger string) {
	t.Helper()
	boss, system, shop, nobody := newKey(t, nkeys.CreateOperator), newKey(t, nkeys.CreateAccount), newKey(t, nkeys.CreateAccount), newKey(t, nkeys.CreateAccount)
	accounts := &server.MemAccResolver{}
	for _, k := range []key{system, shop} {
		claims := jwt.NewAccountClaims(k.public)
		if k == shop {
			claims.Limits.JetStreamLimits = jwt.JetStreamLimits{DiskStorage: jwt.NoLimit, MemoryStorage: jwt.NoLimit, Streams: jwt.NoLimit, Consumer: jwt.NoLimit}
		}
		token, err := claims.Encode(boss)
		must(t, err)
		must(t, accounts.Store(k.public, token))
	}
	return func(o *server.Options) {
		o.TrustedKeys, o.AccountResolver, o.SystemAccount = []string{boss.public}, accounts, system.public
	}, credsFile(t, shop), credsFile(t, nobody)
}

type key struct {
	nkeys.KeyPair
	public string
}

func newKey(t *testing.T, create func() (nkeys.KeyPair, error)) key {
	t.Helper()
	pair, err := create()
	must(t, err)
	public, err := pair.PublicKey()
	must(t, err)
	return key{KeyPair: pair, public: public}
}

// credsFile writes the creds file of a user of an account.
func credsFile(t *testing.T, account key) string {
	t.Helper()
	user := newKey(t, nkeys.CreateUser)
	token, err := jwt.NewUserClaims(user.public).Encode(account)
	must(t, err)
	seed, err := user.Seed()
	must(t, err)
	text, err := jwt.FormatUserConfig(token, seed)
	must(t, err)
	path := filepath.Join(t.TempDir(), "user.creds")
	must(t, os.WriteFile(path, text, 0o600))
	return path
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
