package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets tests run this program as a process: the command c360 on the PATH is this test binary.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"c360": main})
}
