package pgtest

import "syscall"

// attributes run a process under an account, apart from the terminal's signals. It is stopped when this one dies.
func attributes(c *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: c, Setpgid: true, Pdeathsig: syscall.SIGQUIT}
}
