// Package console serves the browser app: what agents, marketers and operators see of c360.
//
// The app itself is TypeScript and lives in web/; `make web` builds it into web/dist, and this package embeds what
// it finds there. Nothing of it is committed, so a build without Node embeds an empty folder; the console then is
// one plain page that says how to build it, and everything else of c360 works.
//
// It is not an API: the app reads everything it shows from the routes of services/query, over the same origin.
// This package knows no customer and no event.
//
// How a request moves through it: [Console.ServeHTTP] sets the security headers, then looks the path up in an
// index made once, at start. A file goes out in the best encoding the browser takes (brotli and gzip copies are
// made by the build, never here), files under /assets are named by their content and cached for ever, and every
// other path is a route of the app and gets its index.html, except the paths of the API, where a wrong address
// must be an error and not a page.
package console
