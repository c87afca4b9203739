package console

import (
	"embed"
	"io/fs"
	"net/http"
	"strings"

	"github.com/c360hq/c360/services/web"
)

//go:embed all:web/dist
var embedded embed.FS

// Dist returns the app that was embedded when this binary was built; it may be empty.
func Dist() fs.FS {
	dist, err := fs.Sub(embedded, "web/dist")
	if err != nil { // only an invalid constant path could do this
		panic(err)
	}
	return dist
}

// Console serves one built app. Make it with [New].
type Console struct {
	files map[string]*file // by URL path, without the leading slash
}

// New returns a console for the app in dist, which is [Dist] in the binary and a folder in tests.
func New(dist fs.FS) (*Console, error) {
	files, err := load(dist)
	if err != nil {
		return nil, err
	}
	return &Console{files: files}, nil
}

// Built says whether there is an app to serve.
func (c *Console) Built() bool { return c.files[indexName] != nil }

// ServeHTTP serves the app, its files, or the page that says how to build it.
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secure(w.Header())
	switch name := strings.TrimPrefix(r.URL.Path, "/"); {
	case isAPI(r.URL.Path):
		notFound(w, r.URL.Path)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		web.Wrong(http.StatusMethodNotAllowed, "pages of the console are only read: use GET").Write(w)
	case c.files[name] != nil:
		c.files[name].serve(w, r)
	case strings.HasPrefix(name, assets):
		notFound(w, r.URL.Path) // a page in place of a script would break the app in a way nobody can read
	case !c.Built():
		servePlain(w)
	default:
		c.files[indexName].serve(w, r)
	}
}
