package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// freshFolder makes a data folder if there is none. undo takes away again what is empty of it, if it was made here.
func freshFolder(dir string) (undo func(), err error) {
	_, missing := os.Stat(dir)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	if missing == nil {
		return func() {}, nil
	}
	return func() { removeEmpty(dir) }, nil
}

// removeEmpty removes the folders in which there is nothing, from the inside out. It never removes a file.
func removeEmpty(dir string) {
	var all []string
	_ = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			all = append(all, path)
		}
		return nil
	})
	for _, path := range slices.Backward(all) {
		_ = os.Remove(path) // not if there is something in it
	}
}
