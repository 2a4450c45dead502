package bounce

// matcher finds many phrases in one pass over a text (Aho and Corasick, "Efficient string matching", CACM 18/6, 1975).
// Phrases are in lower case; ASCII letters of the text match in either case, others byte by byte.
type matcher struct {
	next [][]edge // by state, sparse
	root [256]int32
	fail []int32
	out  [][]int32     // phrases that end in a state
	size []int32       // length of each phrase
	wide []*[256]int32 // by state, for those with many ways on; nil else
}

type edge struct {
	c  byte
	to int32
}

func newMatcher(phrases []string) *matcher {
	m := &matcher{next: make([][]edge, 1), fail: make([]int32, 1), out: make([][]int32, 1)}
	for id, p := range phrases {
		at := int32(0)
		for i := range len(p) {
			to, ok := m.step(at, p[i])
			if !ok {
				to = int32(len(m.next))
				m.next[at] = append(m.next[at], edge{p[i], to})
				m.next, m.fail, m.out = append(m.next, nil), append(m.fail, 0), append(m.out, nil)
			}
			at = to
		}
		m.out[at] = append(m.out[at], int32(id))
		m.size = append(m.size, int32(len(p)))
	}
	m.link()
	m.widen()
	return m
}

// widen gives states with many edges a table, so that a step costs the same everywhere.
func (m *matcher) widen() {
	m.wide = make([]*[256]int32, len(m.next))
	for at, edges := range m.next {
		if len(edges) < 5 {
			continue
		}
		table := new([256]int32)
		for _, e := range edges {
			table[e.c] = e.to
		}
		m.wide[at] = table
	}
}

func (m *matcher) step(at int32, c byte) (int32, bool) {
	for _, e := range m.next[at] {
		if e.c == c {
			return e.to, true
		}
	}
	return 0, false
}

// link sets where to go on when a phrase breaks off, breadth first.
func (m *matcher) link() {
	var queue []int32
	for _, e := range m.next[0] {
		m.root[e.c] = e.to
		queue = append(queue, e.to)
	}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, e := range m.next[at] {
			f := m.fail[at]
			to, ok := m.step(f, e.c)
			for !ok && f != 0 {
				f = m.fail[f]
				to, ok = m.step(f, e.c)
			}
			if !ok {
				to = 0
			}
			m.fail[e.to] = to
			m.out[e.to] = append(m.out[e.to], m.out[to]...)
			queue = append(queue, e.to)
		}
	}
}

// find calls yield for every phrase found, with its place.
func (m *matcher) find(text string, yield func(phrase, start, end int)) { m.resume(0, text, yield) }

// resume is find for a text that comes in pieces: it takes up the state in which the piece before ended, and gives the state in which
// this one ends. A phrase that began in a piece before starts below zero.
func (m *matcher) resume(at int32, text string, yield func(phrase, start, end int)) int32 {
	inWord := false
	for i := range len(text) {
		c := text[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		for {
			if at == 0 {
				if !isLetter(c) || !inWord { // phrases begin where words begin
					at = m.root[c]
				}
				break
			}
			if table := m.wide[at]; table != nil {
				if to := table[c]; to != 0 {
					at = to
					break
				}
			} else if to, ok := m.step(at, c); ok {
				at = to
				break
			}
			at = m.fail[at]
		}
		inWord = isLetter(c)
		for _, id := range m.out[at] {
			yield(int(id), i+1-int(m.size[id]), i+1)
		}
	}
	return at
}
