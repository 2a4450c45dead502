package session

import "rimbalzo/internal/advice"

// Pick is which rows are chosen: one whose reasons are shown, and perhaps several to be ticked together. The zero Pick has none
// chosen; At is -1 then, set by [Pick.Clear].
type Pick struct {
	At     int // the row that the keys move; -1 for none
	anchor int // where a stretch of rows began
	chosen map[*advice.Item]bool
}

// Clear chooses nothing.
func (p *Pick) Clear() { p.At, p.anchor, p.chosen = -1, -1, nil }

// One chooses a single row.
func (p *Pick) One(rows []Row, at int) {
	p.At, p.anchor, p.chosen = at, at, map[*advice.Item]bool{rows[at].Item: true}
}

// Stretch chooses all rows from where the last stretch began up to at.
func (p *Pick) Stretch(rows []Row, at int) {
	if p.anchor < 0 || p.anchor >= len(rows) {
		p.anchor = at
	}
	p.At, p.chosen = at, map[*advice.Item]bool{}
	for i := min(p.anchor, at); i <= max(p.anchor, at); i++ {
		if it := rows[i].Item; it != nil {
			p.chosen[it] = true
		}
	}
}

// Toggle adds a row to those chosen, or takes it out.
func (p *Pick) Toggle(rows []Row, at int) {
	it := rows[at].Item
	if p.chosen == nil {
		p.chosen = map[*advice.Item]bool{}
	}
	if p.chosen[it] {
		delete(p.chosen, it)
	} else {
		p.chosen[it] = true
	}
	p.At, p.anchor = at, at
}

// Go moves to a row and leaves what is chosen as it is.
func (p *Pick) Go(at int) { p.At, p.anchor = at, at }

// All chooses every row.
func (p *Pick) All(rows []Row) {
	p.chosen = make(map[*advice.Item]bool, len(rows))
	for _, r := range rows {
		if r.Item != nil {
			p.chosen[r.Item] = true
		}
	}
}

// Has reports whether an item is chosen.
func (p *Pick) Has(it *advice.Item) bool { return it != nil && p.chosen[it] }

// Count gives how many are chosen.
func (p *Pick) Count() int { return len(p.chosen) }

// Items gives those chosen, in the order of the rows.
func (p *Pick) Items(rows []Row) []*advice.Item {
	list := make([]*advice.Item, 0, len(p.chosen))
	for _, r := range rows {
		if p.Has(r.Item) {
			list = append(list, r.Item)
		}
	}
	return list
}
