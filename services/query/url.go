package query

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/c360hq/c360/services/web"
)

// urlQuery reads the query of a URL strictly: what does not decode is refused instead of dropped.
func urlQuery(r *http.Request) (url.Values, error) {
	if r.URL.RawQuery == "" {
		return nil, nil
	}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, web.Wrong(http.StatusBadRequest, "the query of the URL does not decode; write special characters as %XX (and + as %2B)")
	}
	for name, all := range values {
		for _, v := range all {
			if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				return nil, web.Wrong(http.StatusBadRequest, "the query of the URL holds text that is not UTF-8; send UTF-8").At("?" + printable(name))
			}
		}
	}
	return values, nil
}

// printable keeps a parameter name that a stranger chose fit for an answer.
func printable(name string) string {
	if len(name) > 40 || !utf8.ValidString(name) {
		return "…"
	}
	return name
}
