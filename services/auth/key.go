package auth

import (
	"encoding/base64"
	"net/http"
	"strings"
)

// KeyFrom returns the write key in the Authorization header, and whether there is such a header at all: a header
// that holds no key must not let another key in the body through. SDKs send Basic base64(KEY:), servers may send
// Bearer KEY.
func KeyFrom(r *http.Request) (key string, present bool) {
	header := strings.TrimSpace(r.Header.Get("Authorization"))
	if header == "" {
		return "", false
	}
	scheme, value, _ := strings.Cut(header, " ")
	value = strings.TrimSpace(value)
	switch strings.ToLower(scheme) {
	case "bearer":
		return value, true
	case "basic":
		return basicUser(value), true
	}
	return "", true
}

// basicUser returns the name in a Basic credential; some clients leave the padding or the colon out.
func basicUser(value string) string {
	plain, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(value, "="))
	if err != nil {
		return ""
	}
	user, _, _ := strings.Cut(string(plain), ":")
	return user
}
