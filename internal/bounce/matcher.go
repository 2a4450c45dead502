package bounce

// matcher finds many phrases in one pass over a text (Aho and Corasick, "Efficient string matching", CACM 18/6, 1975).
// Phrases are in lower case; ASCII letters of the text match in either case, others byte by byte. A phrase begins where a word begins.
// Every state has a row that says where each byte leads, so that a step is one look-up; bytes that no phrase holds share a column.
type matcher struct {
	column [256]uint8
	width  int32
	table  []int32   // by state and column: the row where the next state begins, negative (as its complement) where phrases end
	out    [][]int32 // phrases that end in a state
	size   []int32   // length of each phrase
}

// The two states in which no phrase has begun: where one may begin, and inside a word, where a letter begins none.
const (
	atStart  int32 = 0
	inWord   int32 = 1
	noBranch int32 = -1
)

func newMatcher(phrases []string) *matcher {
	m := &matcher{width: 1, out: make([][]int32, 2)}
	m.assignColumns(phrases)
	branch := m.grow(phrases)
	m.link(branch)
	return m
}

// assignColumns gives each byte that phrases hold a column of its own, and every letter, which tells where words begin, at least a common one.
func (m *matcher) assignColumns(phrases []string) {
	for _, p := range phrases {
		for i := range len(p) {
			if c := p[i]; m.column[c] == 0 {
				m.column[c] = uint8(m.width)
				m.width++
			}
		}
	}
	other := uint8(m.width)
	for c := byte('a'); c <= 'z'; c++ {
		if m.column[c] == 0 {
			m.column[c], m.width = other, int32(other)+1
		}
		m.column[c-'a'+'A'] = m.column[c]
	}
}

// node is a state while the phrases are put together.
type node struct {
	branch []edge
}

type edge struct {
	c  byte
	to int32
}

func (n *node) follow(c byte) int32 {
	for _, e := range n.branch {
		if e.c == c {
			return e.to
		}
	}
	return noBranch
}

// grow makes the tree of all phrases; its root is the state at the start.
func (m *matcher) grow(phrases []string) []node {
	tree := make([]node, 2)
	for id, p := range phrases {
		at := atStart
		for i := range len(p) {
			to := tree[at].follow(p[i])
			if to == noBranch {
				to = int32(len(tree))
				tree[at].branch = append(tree[at].branch, edge{p[i], to})
				tree, m.out = append(tree, node{}), append(m.out, nil)
			}
			at = to
		}
		m.out[at] = append(m.out[at], int32(id))
		m.size = append(m.size, int32(len(p)))
	}
	return tree
}

// link fills the table, breadth first: where a phrase breaks off, its row goes on as that of the longest ending that begins another phrase.
func (m *matcher) link(tree []node) {
	m.table = make([]int32, int32(len(tree))*m.width)
	fail := make([]int32, len(tree))
	for c := byte('a'); c <= 'z'; c++ {
		m.table[int32(m.column[c])] = inWord
	}
	for _, e := range tree[atStart].branch {
		m.table[int32(m.column[e.c])] = e.to
	}
	copy(m.row(inWord), m.row(atStart))
	for c := byte('a'); c <= 'z'; c++ {
		m.row(inWord)[m.column[c]] = inWord
	}
	queue := []int32{atStart}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if at != atStart {
			copy(m.row(at), m.row(fail[at]))
		}
		for _, e := range tree[at].branch {
			f := atStart
			if at != atStart {
				f = m.row(fail[at])[m.column[e.c]]
			}
			if f == atStart && isLetter(e.c) {
				f = inWord
			}
			fail[e.to] = f
			m.out[e.to] = append(m.out[e.to], m.out[f]...)
			m.row(at)[m.column[e.c]] = e.to
			queue = append(queue, e.to)
		}
	}
	for i, to := range m.table {
		m.table[i] = to * m.width
		if len(m.out[to]) > 0 {
			m.table[i] = ^m.table[i]
		}
	}
}

func (m *matcher) row(state int32) []int32 { return m.table[state*m.width : (state+1)*m.width] }

// find calls yield for every phrase found, with its place.
func (m *matcher) find(text string, yield func(phrase, start, end int)) {
	m.resume(atStart, text, yield)
}

// resume is find for a text that comes in pieces: it takes up the row at which the piece before ended, and gives the row at which
// this one ends; the first piece takes up atStart. A phrase that began in a piece before starts below zero.
func (m *matcher) resume(at int32, text string, yield func(phrase, start, end int)) int32 {
	table := m.table
	for i := range len(text) {
		at = table[at+int32(m.column[text[i]])]
		if at >= 0 {
			continue
		}
		at = ^at
		for _, id := range m.out[at/m.width] {
			yield(int(id), i+1-int(m.size[id]), i+1)
		}
	}
	return at
}
