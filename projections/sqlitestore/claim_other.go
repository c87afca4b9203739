//go:build !unix

package sqlitestore

import "os"

// lock does nothing: on this operating system one process only may use a folder.
func lock(*os.File) error { return nil }
