package delivery

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// retryAfter is how long the server asks to be left alone, in seconds; longer than a minute is not believed.
func retryAfter(resp *http.Response) time.Duration {
	seconds, err := strconv.Atoi(resp.Header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return min(time.Duration(seconds)*time.Second, longestAsked)
}

// detail is the sentence of a problem document, or the beginning of whatever came instead.
func detail(body []byte) string {
	var problem struct {
		Detail string `json:"detail"`
	}
	if json.Unmarshal(body, &problem) == nil && problem.Detail != "" {
		return problem.Detail
	}
	return string(bytes.TrimSpace(body[:min(len(body), 200)]))
}
