package auth_test

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/auth"
)

func TestParseSources(t *testing.T) {
	t.Parallel()
	s, err := auth.ParseSources(
		"web:WEBKEY:claimed:user_id=asserted;channel=web;origin=https://shop.example/;origin=https://m.shop.example, " +
			"pos:POSKEY:asserted, pos:POSKEY2:asserted,old:OLDKEY:verified:disabled,")
	if err != nil {
		t.Fatal(err)
	}
	if len(s.All()) != 4 {
		t.Fatalf("got %d sources, want 4", len(s.All()))
	}
	web, err := s.Find("WEBKEY")
	if err != nil {
		t.Fatal(err)
	}
	if web.Name != "web" || web.Channel != events.ChannelWeb ||
		web.Grade("email") != events.Claimed || web.Grade("user_id") != events.Asserted {
		t.Errorf("web is %+v", web)
	}
	for origin, want := range map[string]bool{
		"": true, "https://shop.example": true, "https://m.shop.example": true, "https://evil.example": false,
	} {
		if web.AllowsOrigin(origin) != want {
			t.Errorf("AllowsOrigin(%q) = %v", origin, !want)
		}
	}
	for _, key := range []string{"POSKEY", "POSKEY2"} {
		if pos, err := s.Find(key); err != nil || pos.Name != "pos" || pos.Grade("phone") != events.Asserted {
			t.Errorf("%s: %+v, %v", key, pos, err)
		}
	}
	if old, err := s.Find("OLDKEY"); !errors.Is(err, auth.ErrDisabled) || old == nil || old.Name != "old" {
		t.Errorf("a disabled source: %v, %v", old, err)
	}
	if _, ok := s.Named("pos"); !ok {
		t.Error("pos is not found by name")
	}
	if _, ok := s.Named("nobody"); ok {
		t.Error("nobody is found by name")
	}
}

func TestFindRefuses(t *testing.T) {
	t.Parallel()
	s, err := auth.ParseSources("web:WEBKEY:claimed")
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]error{
		"": auth.ErrNoKey, "webkey": auth.ErrUnknownKey, "WEBKEY\x00": auth.ErrUnknownKey, "WEB": auth.ErrUnknownKey,
		strings.Repeat("K", 1<<16): auth.ErrUnknownKey,
	} {
		if source, err := s.Find(key); !errors.Is(err, want) || source != nil {
			t.Errorf("Find(%.20q) = %v, %v; want %v", key, source, err, want)
		}
	}
}

func TestParseErrorsNameTheEntryAndNeverTheKey(t *testing.T) {
	t.Parallel()
	const secret = "s3cr3tWriteKey"
	for name, text := range map[string]string{
		"two parts":           "web:" + secret,
		"only the key":        secret,
		"swapped grade":       "web:claimed:" + secret,
		"unknown option":      "web:" + secret + ":claimed:" + secret,
		"unknown grade":       "web:" + secret + ":trusted",
		"unknown kind grade":  "web:" + secret + ":claimed:user_id=" + secret,
		"bad kind":            "web:" + secret + ":claimed:User-ID=asserted",
		"bad channel":         "web:" + secret + ":claimed:channel=" + secret,
		"empty key":           "web::claimed",
		"bad name":            "we b" + secret + ":" + secret + ":claimed",
		"same key twice":      "web:" + secret + ":claimed,pos:" + secret + ":asserted",
		"key with a space":    "web:" + secret + " x:claimed",
		"name with a slash":   "pos/" + secret + ":" + secret + ":claimed",
		"very long key":       "web:" + strings.Repeat(secret, 20) + ":claimed",
		"same key same name":  "web:" + secret + ":claimed,web:" + secret + ":claimed",
		"key outside ASCII":   "web:" + secret + "é:claimed",
		"empty grade":         "web:" + secret + ":",
		"name missing":        ":" + secret + ":claimed",
		"option without kind": "web:" + secret + ":claimed:=asserted",
	} {
		_, err := auth.ParseSources(text)
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		if strings.Contains(err.Error(), secret) {
			t.Errorf("%s: the error shows the key", name)
		}
		if !strings.Contains(err.Error(), "C360_SOURCES, entry ") {
			t.Errorf("%s: %q does not name the entry", name, err)
		}
	}
}

func TestSubSources(t *testing.T) {
	t.Parallel()
	pos := auth.Source{Name: "pos", Default: events.Asserted}
	web := auth.Source{Name: "web", Default: events.Claimed}
	for _, c := range []struct {
		source *auth.Source
		given  string
		want   bool
	}{
		{&pos, "pos", true},
		{&pos, "pos/store-12", true},
		{&pos, "pos/", false},
		{&pos, "posh", false},
		{&pos, "web", false},
		{&pos, "", false},
		{&web, "web", true},
		{&web, "web/anything", false},
	} {
		if c.source.Allows(c.given) != c.want {
			t.Errorf("%s may send as %q: %v", c.source.Name, c.given, !c.want)
		}
	}
}

func TestKeyFrom(t *testing.T) {
	t.Parallel()
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	for _, c := range []struct {
		header, key string
		present     bool
	}{
		{"", "", false},
		{"Basic V0s6", "WK", true},
		{"Basic V0s6\t", "WK", true},
		{"basic " + b64("KEY:"), "KEY", true},
		{"Basic " + b64("KEY"), "KEY", true},
		{"Basic " + b64("KEY:password"), "KEY", true},
		{"Basic " + strings.TrimRight(b64("KEYS:"), "="), "KEYS", true},
		{"Basic !!!", "", true},
		{"Basic", "", true},
		{"Bearer KEY", "KEY", true},
		{"Digest KEY", "", true},
	} {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		if c.header != "" {
			r.Header.Set("Authorization", c.header)
		}
		if key, present := auth.KeyFrom(r); key != c.key || present != c.present {
			t.Errorf("%q: got %q, %v", c.header, key, present)
		}
	}
}

func FuzzParseSources(f *testing.F) {
	f.Add("web:WEBKEY:claimed:user_id=asserted;channel=web,pos:POSKEY:asserted")
	f.Add("web:::,,:;=")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := auth.ParseSources(text)
		if err != nil {
			return
		}
		for _, source := range s.All() {
			if source.Grade("email") < events.Claimed || !source.Allows(source.Name) {
				t.Errorf("%q made %+v", text, source)
			}
		}
	})
}
