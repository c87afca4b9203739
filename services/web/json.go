package web

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// JSON answers with v as JSON. What v holds is encoded before the header goes out, so a value that cannot be
// encoded becomes a proper 500 and not half an answer.
func JSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		Wrong(http.StatusInternalServerError, "the answer could not be written as JSON; please report this").Write(w)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("X-Content-Type-Options", "nosniff")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)+1))
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // the client has gone; there is nobody left to tell
}
