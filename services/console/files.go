package console

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

const (
	indexName = "index.html"
	assets    = "assets/"
)

// encodings are the copies the build makes beside a file, best first.
var encodings = []struct{ name, suffix string }{{"br", ".br"}, {"gzip", ".gz"}}

// types are the kinds of files the build makes. The list is ours, because the system's own differs by machine and
// a wrong type, with nosniff, is a dead page.
var types = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".svg": "image/svg+xml", ".woff2": "font/woff2", ".json": "application/json", ".txt": "text/plain; charset=utf-8",
}

// file is one file of the app with its encoded copies.
type file struct {
	name, contentType, cache string
	copies                   map[string]body // by encoding; "" is the file itself
}

// body is one encoding of a file. Each has its own tag, as RFC 9110 asks.
type body struct {
	content []byte
	tag     string
}

// load reads the built app into an index by URL path.
func load(dist fs.FS) (map[string]*file, error) {
	files := map[string]*file{}
	err := fs.WalkDir(dist, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Base(name)[0] == '.' || isCopy(name) {
			return err
		}
		files[name], err = read(dist, name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the built console: %w; build it again with make web", err)
	}
	return files, nil
}

func isCopy(name string) bool {
	for _, e := range encodings {
		if strings.HasSuffix(name, e.suffix) {
			return true
		}
	}
	return false
}

func read(dist fs.FS, name string) (*file, error) {
	f := &file{name: name, contentType: types[path.Ext(name)], cache: "no-cache", copies: map[string]body{}}
	if f.contentType == "" {
		return nil, fmt.Errorf("%s is of a kind the console does not serve", name)
	}
	if strings.HasPrefix(name, assets) { // the name holds a hash of the content
		f.cache = "public, max-age=31536000, immutable"
	}
	plain, err := fs.ReadFile(dist, name)
	if err != nil {
		return nil, err
	}
	f.copies[""] = newBody(plain)
	for _, e := range encodings {
		if encoded, err := fs.ReadFile(dist, name+e.suffix); err == nil {
			f.copies[e.name] = newBody(encoded)
		}
	}
	return f, nil
}

func newBody(content []byte) body {
	sum := sha256.Sum256(content)
	return body{content: content, tag: `"` + hex.EncodeToString(sum[:12]) + `"`}
}

// serve sends the best copy the client takes; http.ServeContent answers If-None-Match and HEAD.
func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", f.contentType)
	h.Set("Cache-Control", f.cache)
	if len(f.copies) > 1 {
		h.Set("Vary", "Accept-Encoding")
	}
	encoding := f.choose(r.Header.Get("Accept-Encoding"))
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	chosen := f.copies[encoding]
	h.Set("Etag", chosen.tag)
	http.ServeContent(w, r, f.name, time.Time{}, bytes.NewReader(chosen.content))
}

// choose returns the best encoding that is there and wanted, or "" for the file as it is.
func (f *file) choose(accept string) string {
	for _, e := range encodings {
		if _, there := f.copies[e.name]; there && accepts(accept, e.name) {
			return e.name
		}
	}
	return ""
}

// accepts reads an Accept-Encoding header: an encoding is wanted when it is named and not refused with q=0.
func accepts(header, encoding string) bool {
	for _, part := range strings.Split(header, ",") {
		name, params, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(name), encoding) {
			continue
		}
		q := strings.TrimLeft(strings.TrimPrefix(strings.TrimSpace(params), "q="), "0.")
		return params == "" || q != ""
	}
	return false
}
