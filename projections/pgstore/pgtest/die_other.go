//go:build unix && !linux

package pgtest

import "syscall"

// attributes run a process under an account, apart from the terminal's signals.
func attributes(c *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: c, Setpgid: true}
}
