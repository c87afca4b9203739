package main

import (
	"io"
	"log/slog"
	"os"

	"github.com/lmittmann/tint"
)

// newLogger writes for people on a terminal and JSON lines elsewhere.
func newLogger(out io.Writer) *slog.Logger {
	if f, ok := out.(*os.File); ok && isTerminal(f) {
		return slog.New(tint.NewTextHandler(out, &tint.Options{TimeFormat: "15:04:05"}))
	}
	return slog.New(slog.NewJSONHandler(out, nil))
}

func silentLogger() *slog.Logger { return slog.New(slog.DiscardHandler) }

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
