package watch

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"
)

// Memory is a [History] that lasts as long as the process. The zero Memory is empty and ready.
type Memory struct {
	mu        sync.Mutex
	looks     []Seen
	sums      map[Sum]*Sum // by hour, operator, account and endpoint
	incidents []Incident
	knocks    []Knock
	told      []Told
	claimed   map[string]bool
	values    map[string]string
}

// Note implements [History].
func (m *Memory) Note(_ context.Context, looks ...Seen) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.sums == nil {
		m.sums = map[Sum]*Sum{}
	}
	for _, l := range looks {
		m.looks = append(m.looks, l)
		key := Sum{Hour: l.At.Truncate(time.Hour), Operator: l.Operator, Account: l.Account, Endpoint: l.Endpoint}
		if m.sums[key] == nil {
			sum := key
			m.sums[key] = &sum
		}
		m.sums[key].Add(l)
		m.looks = slices.DeleteFunc(m.looks, func(old Seen) bool { return l.At.Sub(old.At) > KeepLooks })
	}
	return nil
}

// Looks implements [History].
func (m *Memory) Looks(_ context.Context, since time.Time) ([]Seen, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := slices.DeleteFunc(slices.Clone(m.looks), func(s Seen) bool { return s.At.Before(since) })
	slices.SortFunc(list, Seen.compare)
	return list, nil
}

// Sums implements [History].
func (m *Memory) Sums(_ context.Context, since time.Time) ([]Sum, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []Sum
	for _, s := range m.sums {
		if !s.Hour.Before(since) {
			list = append(list, *s)
		}
	}
	slices.SortFunc(list, func(a, b Sum) int {
		return cmp.Or(a.Hour.Compare(b.Hour), cmp.Compare(a.Endpoint, b.Endpoint), cmp.Compare(a.Account, b.Account))
	})
	return list, nil
}

// PutIncident implements [History].
func (m *Memory) PutIncident(_ context.Context, i Incident) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if at := slices.IndexFunc(m.incidents, func(old Incident) bool { return old.ID == i.ID }); at >= 0 {
		m.incidents[at] = i.clone()
		return nil
	}
	m.incidents = append(m.incidents, i.clone())
	return nil
}

// Incidents implements [History].
func (m *Memory) Incidents(_ context.Context, since time.Time) ([]Incident, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []Incident
	for _, i := range m.incidents {
		if i.Open() || !i.End.Before(since) {
			list = append(list, i.clone())
		}
	}
	slices.SortFunc(list, func(a, b Incident) int { return cmp.Or(a.Begin.Compare(b.Begin), cmp.Compare(a.ID, b.ID)) })
	return list, nil
}

// Knock implements [History].
func (m *Memory) Knock(_ context.Context, k Knock) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.knocks {
		if old := &m.knocks[i]; old.Day == k.Day && old.Host == k.Host && old.Why == k.Why {
			old.Times += k.Times
			old.Last = k.Last
			return nil
		}
	}
	m.knocks = slices.DeleteFunc(m.knocks, func(old Knock) bool { return k.Last.Sub(old.Last) > KeepLooks })
	m.knocks = append(m.knocks, k)
	return nil
}

// Knocks implements [History].
func (m *Memory) Knocks(_ context.Context, day string) ([]Knock, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(m.knocks), func(k Knock) bool { return k.Day != day }), nil
}

// Claim implements [History].
func (m *Memory) Claim(_ context.Context, t Told) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := append([]string{"id/" + t.ID}, t.Keys...)
	if slices.ContainsFunc(all, func(key string) bool { return m.claimed[key] }) {
		return false, nil
	}
	if m.claimed == nil {
		m.claimed = map[string]bool{}
	}
	for _, key := range all {
		m.claimed[key] = true
	}
	m.told = append(m.told, t)
	return true, nil
}

// Shown implements [History].
func (m *Memory) Shown(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.told {
		if m.told[i].ID == id {
			m.told[i].Shown = true
		}
	}
	return nil
}

// Claimed implements [History].
func (m *Memory) Claimed(_ context.Context, keys []string) (map[string]bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := map[string]bool{}
	for _, key := range keys {
		if m.claimed[key] {
			found[key] = true
		}
	}
	return found, nil
}

// Told implements [History].
func (m *Memory) Told(_ context.Context, since time.Time) ([]Told, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(m.told), func(t Told) bool {
		return t.Kind == KindSeen || t.Kind == KindMark || t.At.Before(since)
	}), nil
}

// Set implements [History].
func (m *Memory) Set(_ context.Context, name, value string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.values == nil {
		m.values = map[string]string{}
	}
	m.values[name] = value
	return nil
}

// Get implements [History].
func (m *Memory) Get(_ context.Context, name string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.values[name], nil
}
