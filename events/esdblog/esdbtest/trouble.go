package esdbtest

// Forget has the subscriptions of now tell nothing more, though they stay open and everything else is answered.
func (n *Node) Forget() {
	n.mu.Lock()
	defer n.mu.Unlock()
	close(n.forget)
	n.forget = make(chan struct{})
}

func (n *Node) forgetting() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.forget
}

// Isolate cuts a node off from the others, and only from them: it is there and answers, knows of no leader, and is none.
func (n *Node) Isolate() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.alone = true
}

func (n *Node) isAlone() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.alone
}

// Refuse has every append to a stream fail with an error that explains nothing, until another one is named.
func (n *Node) Refuse(stream string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.refuses = stream
}

func (n *Node) isRefused(stream string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.refuses != "" && n.refuses == stream
}

// SetPassword gives an account another password. Calls with the old one are refused from now on, and counted by Denied.
func (n *Node) SetPassword(account, password string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	a := n.o.Accounts[account]
	a.Password = password
	n.o.Accounts[account] = a
}

// Denied returns how many calls were refused because of their password.
func (n *Node) Denied() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.denied
}
