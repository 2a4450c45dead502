package bounce

// matcher finds many phrases in one pass over a text (Aho and Corasick, "Efficient string matching", CACM 18/6, 1975).
// Phrases are in lower case; ASCII letters of the text match in either case, others byte by byte. A phrase begins where a word begins.
// Every state has a row that says where each byte leads, so that a step is one look-up. Letters and the blank have rows of their own, each of which
// is one line of a processor's cache: a text is hardly anything else.
type matcher struct {
	column [256]uint8
	words  []uint16  // by state and column below wordColumns: the next state, marked where phrases end
	others []uint16  // by state and column from wordColumns on
	width  int32     // columns from wordColumns on
	out    [][]int32 // phrases that end in a state
	size   []int32   // length of each phrase
}

// The two states in which no phrase has begun: where one may begin, and inside a word, where a letter begins none.
const (
	atStart  int32 = 0
	inWord   int32 = 1
	noBranch int32 = -1

	wordColumns = 32      // 26 letters, the blank, and column 0 for bytes that no phrase holds
	endsPhrase  = 1 << 15 // marks a state in which phrases end
	maxStates   = endsPhrase - 1
)

// newMatcher makes a matcher of phrases; those beyond maxStates are left out, which [matcher.full] tells.
func newMatcher(phrases []string) *matcher {
	m := &matcher{out: make([][]int32, 2)}
	m.assignColumns(phrases)
	m.link(m.grow(phrases))
	return m
}

// full reports whether there was no room for all phrases.
func (m *matcher) full() bool { return len(m.out) >= maxStates }

// assignColumns gives each byte that phrases hold a column of its own, letters first.
func (m *matcher) assignColumns(phrases []string) {
	next := uint8(1)
	take := func(c byte) {
		if m.column[c] == 0 {
			m.column[c] = next
			next++
		}
	}
	for c := byte('a'); c <= 'z'; c++ {
		take(c)
		m.column[c-'a'+'A'] = m.column[c]
	}
	take(' ')
	next = wordColumns
	for _, p := range phrases {
		for i := range len(p) {
			take(p[i])
		}
	}
	m.width = int32(next) - wordColumns
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
		if len(tree)+len(p) >= maxStates {
			m.size = append(m.size, 0)
			continue
		}
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

// link fills the rows, breadth first: where a phrase breaks off, its row goes on as that of the longest ending that begins another phrase.
func (m *matcher) link(tree []node) {
	m.words, m.others = make([]uint16, len(tree)*wordColumns), make([]uint16, int32(len(tree))*m.width)
	fail := make([]int32, len(tree))
	for c := byte('a'); c <= 'z'; c++ {
		m.set(atStart, c, inWord)
		m.set(inWord, c, inWord)
	}
	for _, e := range tree[atStart].branch {
		m.set(atStart, e.c, e.to)
		if !isLetter(e.c) {
			m.set(inWord, e.c, e.to)
		}
	}
	queue := []int32{atStart}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if at != atStart {
			m.copyRow(at, fail[at])
		}
		for _, e := range tree[at].branch {
			f := atStart
			if at != atStart {
				f = m.next(fail[at], e.c)
			}
			if f == atStart && isLetter(e.c) {
				f = inWord
			}
			fail[e.to] = f
			m.out[e.to] = append(m.out[e.to], m.out[f]...)
			m.set(at, e.c, e.to)
			queue = append(queue, e.to)
		}
	}
	m.mark(m.words)
	m.mark(m.others)
}

// cell gives the place in the rows that says where a byte leads from a state.
func (m *matcher) cell(state int32, c byte) *uint16 {
	if col := int32(m.column[c]); col >= wordColumns {
		return &m.others[state*m.width+col-wordColumns]
	}
	return &m.words[state*wordColumns+int32(m.column[c])]
}

func (m *matcher) set(state int32, c byte, to int32) { *m.cell(state, c) = uint16(to) }

func (m *matcher) next(state int32, c byte) int32 { return int32(*m.cell(state, c)) }

func (m *matcher) copyRow(to, from int32) {
	copy(m.words[to*wordColumns:(to+1)*wordColumns], m.words[from*wordColumns:(from+1)*wordColumns])
	copy(m.others[to*m.width:(to+1)*m.width], m.others[from*m.width:(from+1)*m.width])
}

func (m *matcher) mark(rows []uint16) {
	for i, to := range rows {
		if len(m.out[to]) > 0 {
			rows[i] |= endsPhrase
		}
	}
}

// find calls yield for every phrase found, with its place.
func (m *matcher) find(text string, yield func(phrase, start, end int)) {
	m.resume(atStart, text, yield)
}

// resume is find for a text that comes in pieces: it takes up the state in which the piece before ended, and gives the state in which
// this one ends; the first piece takes up atStart. A phrase that began in a piece before starts below zero.
func (m *matcher) resume(state int32, text string, yield func(phrase, start, end int)) int32 {
	at, words := int(state), m.words
	for i := range len(text) {
		col := int(m.column[text[i]])
		var to uint16
		if col < wordColumns {
			to = words[at*wordColumns+col]
		} else {
			to = m.others[at*int(m.width)+col-wordColumns]
		}
		at = int(to &^ endsPhrase)
		if to < endsPhrase {
			continue
		}
		for _, id := range m.out[at] {
			yield(int(id), i+1-int(m.size[id]), i+1)
		}
	}
	return int32(at)
}
