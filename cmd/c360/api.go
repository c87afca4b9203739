package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/c360hq/c360/cmd/c360/delivery"
	"github.com/c360hq/c360/services/web"
)

// api calls a c360 that runs, here or elsewhere.
type api struct {
	url  string
	doer delivery.Doer
	said io.Writer // progress
}

// longestAnswer is the most that is read of an answer.
const longestAnswer = 64 << 20

// call sends a request and decodes the answer. A refusal is told in the words of c360.
func (a *api) call(ctx context.Context, method, path string, body, into any) error {
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimRight(a.url, "/")+path, bytes.NewReader(text)) //nolint:gosec // the address that was asked for
	if err != nil {
		return usageError{fmt.Errorf("--url %q is no address; write http://127.0.0.1:3600", a.url)}
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := a.doer.Do(req)
	if err != nil {
		return fmt.Errorf("c360 does not answer at %s; is it running there? --url says where: %w", a.url, err)
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, longestAnswer))
	if err != nil {
		return fmt.Errorf("the answer of c360 broke off: %w", err)
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return refused(resp, answer)
	}
	if into == nil || len(answer) == 0 {
		return nil
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return fmt.Errorf("%s does not answer like a c360 of this version: %w", a.url, err)
	}
	return nil
}

func refused(resp *http.Response, answer []byte) error {
	var p web.Problem
	if json.Unmarshal(answer, &p) != nil || p.Detail == "" {
		return fmt.Errorf("c360 answers %s", resp.Status)
	}
	return &refusal{p.Pointer, p.Detail}
}

// refusal is what c360 refuses, and where that is in what was sent, if it says so.
type refusal struct{ pointer, detail string }

func (r *refusal) Error() string {
	if r.pointer != "" {
		return "c360 refuses " + r.pointer + ": " + r.detail
	}
	return r.detail
}

// printAnswer calls and prints the answer, as it is or for people.
func printAnswer[A any](ctx context.Context, a *api, e env, asIs bool, method, path string, body any, people func(*A)) error {
	var raw json.RawMessage
	if err := a.call(ctx, method, path, body, &raw); err != nil {
		return err
	}
	if asIs {
		_, err := fmt.Fprintf(e.stdout, "%s\n", raw)
		return err
	}
	var answer A
	if err := json.Unmarshal(raw, &answer); err != nil {
		return fmt.Errorf("%s does not answer like a c360 of this version: %w", a.url, err)
	}
	people(&answer)
	return nil
}

func escaped(name string) string { return url.PathEscape(name) }

func printJSON(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
