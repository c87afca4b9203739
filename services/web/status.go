package web

import "net/http"

// Status is an answer that remembers its status; 200 until another one is written.
type Status struct {
	http.ResponseWriter
	Code int
}

// NewStatus returns w with its status remembered.
func NewStatus(w http.ResponseWriter) *Status { return &Status{ResponseWriter: w, Code: http.StatusOK} }

// WriteHeader implements http.ResponseWriter.
func (s *Status) WriteHeader(code int) {
	s.Code = code
	s.ResponseWriter.WriteHeader(code)
}

// Unwrap lets http.ResponseController reach the connection.
func (s *Status) Unwrap() http.ResponseWriter { return s.ResponseWriter }
