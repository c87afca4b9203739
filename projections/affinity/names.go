package affinity

// names gives texts small numbers, in the order in which they are first seen. No answer depends on the numbers.
type names struct {
	ids  map[string]int32
	list []string
}

func newNames() names { return names{ids: map[string]int32{}} }

// id returns the number of a text, a new one if it has none.
func (n *names) id(text string) int32 {
	id, found := n.ids[text]
	if !found {
		id = int32(len(n.list)) // #nosec G115 -- two thousand million texts do not fit into memory
		n.ids[text] = id
		n.list = append(n.list, text)
	}
	return id
}

// find returns the number of a text, false if it has none.
func (n *names) find(text string) (int32, bool) {
	id, found := n.ids[text]
	return id, found
}
