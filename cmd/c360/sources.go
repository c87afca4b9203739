package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/c360hq/c360/services/auth"
)

// openSources returns the write keys: those of --sources, or those kept in the data folder, or two new ones.
func openSources(c *config, out io.Writer) (*auth.Sources, error) {
	text := c.sources
	if text == "" {
		kept, err := keptSources(c.sourcesPath(), out)
		if err != nil {
			return nil, err
		}
		text = kept
	}
	sources, err := auth.ParseSources(text)
	if err != nil {
		return nil, usageError{err}
	}
	if len(sources.All()) == 0 {
		return nil, usageError{errors.New("--sources names no source; give name:KEY:grade, for example web:KEY1:claimed,pos:KEY2:asserted")}
	}
	return sources, nil
}

// keptSources reads the keys of the data folder and makes them first if there are none.
func keptSources(path string, out io.Writer) (string, error) {
	kept, err := os.ReadFile(path) //nolint:gosec // G304: a path inside the operator's own data folder
	if err == nil {
		return strings.TrimSpace(string(kept)), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read the write keys: %w", err)
	}
	text := "web:" + rand.Text() + ":claimed,server:" + rand.Text() + ":asserted"
	if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("keep the write keys: %w", err)
	}
	_, err = fmt.Fprintf(out, "made two write keys, web (claimed) and server (asserted); they are in %s\n", path)
	return text, err
}
