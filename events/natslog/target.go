package natslog

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// target is what a URL names.
type target struct {
	servers  []string // scheme://host:port, without the password
	user     *url.Userinfo
	stream   string
	replicas int  // 0: not said
	synced   bool // the URL says that the server syncs always
	creds    string
	ca       string
	cert     string
	key      string
}

const defaultStream = "C360"

// streamName is what JetStream takes, and what is safe in a subject and a file name.
var streamName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

var errEscape = errors.New("the user or password in the URL has a character that must be written as %XX (%2F for /, %3F for ?, %23 for #; an @ behind the servers is %40)")

// parseTarget reads nats://user:password@host:4222,host2:4222/STREAM?replicas=3. No error of it holds a part of a password,
// wherever in the URL somebody may have put one.
func parseTarget(text string) (target, error) {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok || !slices.Contains([]string{"nats", "tls"}, scheme) {
		return target{}, errors.New(`the URL must begin with nats:// or tls://, as in nats://user:password@host:4222,host2:4222/C360?replicas=3`)
	}
	if end := strings.IndexAny(rest, "/?"); end >= 0 && strings.Contains(rest[end:], "@") {
		return target{}, errEscape // what seems to be a stream is a part of the password
	}
	rest, query, _ := strings.Cut(rest, "?")
	hosts, path, _ := strings.Cut(rest, "/")
	t := target{stream: defaultStream}
	if at := strings.LastIndex(hosts, "@"); at >= 0 {
		u, err := url.Parse("nats://" + hosts[:at] + "@host")
		if err != nil || u.User == nil {
			return target{}, errEscape
		}
		t.user, hosts = u.User, hosts[at+1:]
	}
	if path != "" {
		t.stream = path
	}
	if !streamName.MatchString(t.stream) {
		return target{}, errors.New("the name of the stream in the URL: letters, digits, - and _ are allowed, at most 64")
	}
	if err := t.addServers(scheme, hosts); err != nil {
		return target{}, err
	}
	return t, t.settings(query)
}

func (t *target) addServers(scheme, hosts string) error {
	for i, host := range strings.Split(hosts, ",") {
		u, err := url.Parse(scheme + "://" + host)
		if err != nil || u.Hostname() == "" || u.Fragment != "" {
			return fmt.Errorf("server %d of the URL is not host or host:port", i+1)
		}
		t.servers = append(t.servers, u.String())
	}
	return nil
}

func (t *target) settings(query string) error {
	values, err := url.ParseQuery(query)
	if err != nil {
		return errors.New("what follows the ? of the URL is not name=value&name=value")
	}
	files := map[string]*string{"creds": &t.creds, "ca": &t.ca, "cert": &t.cert, "key": &t.key}
	for name, all := range values {
		value := all[0]
		switch {
		case files[name] != nil:
			*files[name] = value
		case name == "sync" && value == "always":
			t.synced = true
		case name == "replicas":
			if t.replicas, err = strconv.Atoi(value); err != nil || t.replicas < 1 || t.replicas > 5 {
				return errors.New("replicas: 1 to 5 are possible")
			}
		default:
			return fmt.Errorf("the setting %q of the URL, or its value, is not known: there are replicas=1..5, sync=always, creds=, ca=, cert= and key=", name)
		}
	}
	return nil
}

// place is how messages and errors name the log.
func (t *target) place() string { return strings.Join(t.servers, ",") + "/" + t.stream }

// subject is where frames are published; tail where writers say that the stream has grown.
func (t *target) subject() string { return "c360.log." + t.stream }
func (t *target) tail() string    { return "c360.tail." + t.stream }
