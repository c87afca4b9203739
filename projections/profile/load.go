package profile

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections"
	"github.com/c360hq/c360/projections/history"
)

const (
	// casesShown and notesShown bound what is read of one fragment, the newest.
	casesShown = 100
	notesShown = 100
	// ordersCompared bounds the orders that are looked up to find those that two fragments tell of.
	ordersCompared = 5000
)

// Load returns the merge of the profiles of these fragments.
func (r *Room) Load(ctx context.Context, from projections.Reader, of []uuid.UUID) (*Profile, error) {
	m, err := r.merged(ctx, from, of)
	if err != nil {
		return nil, err
	}
	if err := m.repeats(); err != nil {
		return nil, err
	}
	if err := m.readCases(); err != nil {
		return nil, err
	}
	if err := m.readNotes(); err != nil {
		return nil, err
	}
	return m.finish(), nil
}

// merged merges what stands in the rows of the fragments themselves.
func (r *Room) merged(ctx context.Context, from projections.Reader, of []uuid.UUID) (*merge, error) {
	m := &merge{
		ctx: ctx, from: from, states: make(map[uuid.UUID]*state, len(of)),
		p: &Profile{Traits: map[string]Trait{}, ByChannel: map[events.Channel]int64{}, ByType: map[string]int64{}},
	}
	if err := m.read(of); err != nil {
		return nil, err
	}
	did, err := history.New().Activities(ctx, from, of)
	if err != nil {
		return nil, err
	}
	for _, f := range of {
		if a, ok := did[f]; ok {
			m.did(f, a)
		}
		if s, ok := m.states[f]; ok {
			m.add(f, s)
		}
	}
	return m, nil
}

// merge is a profile in the making.
type merge struct {
	ctx      context.Context
	from     projections.Reader
	p        *Profile
	order    []uuid.UUID
	states   map[uuid.UUID]*state
	traits   traits
	consents consents
	money    money
}

func (m *merge) read(of []uuid.UUID) error {
	keys := make([][]any, len(of))
	for i := range of {
		keys[i] = []any{of[i][:]}
	}
	return m.from.Get(m.ctx, fragmentsTable, keys, func(row projections.Row) error {
		f, s, err := decodeState(row)
		m.states[f] = &s
		return err
	})
}

// did counts what a fragment did.
func (m *merge) did(f uuid.UUID, a *history.Activity) {
	p, part := m.p, Part{ID: f, FirstSeen: timeOf(a.First), LastSeen: timeOf(a.Last), Events: a.Events}
	p.Events += a.Events
	if p.FirstSeen.IsZero() || part.FirstSeen.Before(p.FirstSeen) {
		p.FirstSeen = part.FirstSeen
	}
	if c := part.LastSeen.Compare(p.LastSeen); c > 0 || c == 0 && a.LastChannel > p.LastChannel {
		p.LastSeen, p.LastChannel = part.LastSeen, a.LastChannel
	}
	for i := range a.Days {
		channel := events.Channel(a.Days[i].Channel)
		part.Channels = append(part.Channels, channel)
		p.ByChannel[channel] += a.Days[i].Total()
	}
	for _, c := range a.Counts() {
		p.ByType[c.Type] += int64(c.N) // #nosec G115 -- a count of events
		if !slices.Contains(part.Sources, c.Source) {
			part.Sources = append(part.Sources, c.Source)
		}
	}
	p.Fragments = append(p.Fragments, part)
	p.days.Merge(a.Days)
}

// add merges what a fragment is like.
func (m *merge) add(f uuid.UUID, s *state) {
	m.order = append(m.order, f)
	for _, t := range *s.traits.get(decodeTraits) {
		m.traits.set(t.name, t.value, t.said)
	}
	for _, c := range *s.consents.get(decodeConsents) {
		m.consents.set(c)
	}
	m.money.merge(s.money.get(decodeMoney))
}

// repeats takes off what orders count for twice, because two fragments tell of them.
func (m *merge) repeats() error {
	var with []uuid.UUID
	for _, f := range m.order {
		if m.states[f].orders > 0 {
			with = append(with, f)
		}
	}
	if len(with) < 2 {
		return nil
	}
	slices.SortStableFunc(with, func(a, b uuid.UUID) int { return cmp.Compare(m.states[a].orders, m.states[b].orders) })
	told := map[string][]order{}
	most := with[len(with)-1]
	if err := m.readOrders(with[:len(with)-1], told); err != nil {
		return err
	}
	if err := m.lookUpOrders(most, told); err != nil {
		return err
	}
	for _, versions := range told {
		m.countOnce(versions)
	}
	m.money.settle()
	return nil
}

func (m *merge) readOrders(of []uuid.UUID, told map[string][]order) error {
	for _, f := range of {
		if len(told) >= ordersCompared {
			return nil
		}
		in := projections.Range{Prefix: []any{f[:]}, Limit: ordersCompared - len(told)}
		err := m.from.Scan(m.ctx, ordersTable, in, func(row projections.Row) (bool, error) {
			k, o, err := orders.Decode(row)
			told[k.number] = append(told[k.number], o)
			return true, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *merge) lookUpOrders(f uuid.UUID, told map[string][]order) error {
	keys := make([][]any, 0, len(told))
	for _, number := range slices.Sorted(maps.Keys(told)) {
		keys = append(keys, []any{f[:], number})
	}
	return m.from.Get(m.ctx, ordersTable, keys, func(row projections.Row) error {
		k, o, err := orders.Decode(row)
		told[k.number] = append(told[k.number], o)
		return err
	})
}

func (m *merge) countOnce(versions []order) {
	if len(versions) < 2 {
		return
	}
	var whole order
	for i := range versions {
		m.money.add(&versions[i], -1)
		whole.merge(&versions[i])
	}
	m.money.add(&whole, 1)
}

func (m *merge) readCases() error {
	told := map[string]*caseState{}
	for _, f := range m.order {
		if m.states[f].cases == 0 {
			continue
		}
		in := projections.Range{Index: "latest", Prefix: []any{f[:]}, Desc: true, Limit: casesShown}
		err := m.from.Scan(m.ctx, casesTable, in, func(row projections.Row) (bool, error) {
			k, c, err := cases.Decode(row)
			if had, ok := told[k.number]; ok {
				had.merge(&c)
			} else {
				told[k.number] = &c
			}
			return true, err
		})
		if err != nil {
			return err
		}
	}
	m.p.Cases = deriveCases(told)
	return nil
}

// deriveCases brings together the inquiries and calls of one case, and says where each case stands.
func deriveCases(told map[string]*caseState) []Case {
	type group struct {
		id string
		caseState
	}
	groups := map[string]*group{}
	for _, number := range slices.Sorted(maps.Keys(told)) {
		c := told[number]
		key := cmp.Or(c.caseID, number)
		g, ok := groups[key]
		switch {
		case !ok:
			groups[key] = &group{number, *c}
			continue
		case c.opened.said() && c.opened.earlier(&g.opened):
			g.id = number // called by the inquiry it began with
		}
		g.merge(c)
	}
	var all []Case
	for _, key := range slices.Sorted(maps.Keys(groups)) {
		all = append(all, groups[key].derive(groups[key].id))
	}
	slices.SortStableFunc(all, func(a, b Case) int {
		return cmp.Or(cmp.Compare(closedLast(a.State), closedLast(b.State)), b.OpenedAt.Compare(a.OpenedAt))
	})
	return all
}

func closedLast(s CaseState) int {
	if s == Closed {
		return 1
	}
	return 0
}

func (m *merge) readNotes() error {
	told := map[string]note{}
	for _, f := range m.order {
		if m.states[f].notes == 0 {
			continue
		}
		in := projections.Range{Index: "latest", Prefix: []any{f[:]}, Desc: true, Limit: notesShown}
		err := m.from.Scan(m.ctx, notesTable, in, func(row projections.Row) (bool, error) {
			k, n, err := notes.Decode(row)
			if had, ok := told[k.number]; !ok || n.said.later(&had.said) {
				told[k.number] = n
			}
			return true, err
		})
		if err != nil {
			return err
		}
	}
	for _, number := range slices.Sorted(maps.Keys(told)) {
		n := told[number]
		m.p.Notes = append(m.p.Notes, Note{shownNumber(number), n.text, n.author, n.store, n.pinned, n.said.at()})
	}
	slices.SortStableFunc(m.p.Notes, func(a, b Note) int {
		return cmp.Or(cmp.Compare(pinnedFirst(a), pinnedFirst(b)), b.Time.Compare(a.Time))
	})
	return nil
}

func pinnedFirst(n Note) int {
	if n.Pinned {
		return 0
	}
	return 1
}
