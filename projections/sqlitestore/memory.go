package sqlitestore

import (
	"errors"
	"fmt"

	"modernc.org/libc"
	"modernc.org/libc/sys/types"
	sqlite3 "modernc.org/sqlite/lib"
)

// Reserve lays the cached pages of all stores of this process side by side in one piece of memory, with room for so many
// bytes of pages (Options.CacheBytes of the store that serves). What does not fit is taken from the allocator.
//
// Without it every page is a block of its own, and the allocator of the pure-Go build knows powers of two only: a page of
// 4 KiB and its header take 8 KiB, so a cache of 64 MiB takes 128. The memory is resident from then on. SQLite takes
// it before the first store of the process opens (https://sqlite.org/c3ref/c_config_covering_index_scan.html#sqliteconfigpagecache); later it is an error.
func Reserve(bytes int) error {
	tls := libc.NewTLS()
	defer tls.Close()
	slot, err := slotBytes(tls)
	if err != nil {
		return err
	}
	pages := bytes / pageSize
	room := libc.Xmalloc(tls, types.Size_t(pages*slot)) //nolint:gosec // far below 2^63
	if room == 0 {
		return fmt.Errorf("sqlitestore: no memory for %d pages", pages)
	}
	if err := configure(tls, sqlite3.SQLITE_CONFIG_PAGECACHE, room, int32(slot), int32(pages)); err != nil { //nolint:gosec // far below 2^31
		libc.Xfree(tls, room)
		return err
	}
	return nil
}

// slotBytes asks SQLite how much memory a cached page takes with its header.
func slotBytes(tls *libc.TLS) (int, error) {
	header := tls.Alloc(8)
	defer tls.Free(8)
	if err := configure(tls, sqlite3.SQLITE_CONFIG_PCACHE_HDRSZ, header); err != nil {
		return 0, err
	}
	return pageSize + int(libc.AtomicLoadPInt32(header)), nil
}

// configure calls sqlite3_config, which takes C's variable arguments.
func configure(tls *libc.TLS, option int32, args ...any) error {
	list := libc.NewVaList(args...)
	defer libc.Xfree(tls, list)
	if sqlite3.Xsqlite3_config(tls, option, list) != sqlite3.SQLITE_OK {
		return errors.New("sqlitestore: memory for pages is reserved before the first store opens, not after")
	}
	return nil
}
