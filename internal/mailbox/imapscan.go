package mailbox

import (
	"bytes"
	"fmt"
)

// scanner follows the bytes that an IMAP server sends closely enough to know lengths and nesting (RFC 9051 section 9):
// lines, quoted strings, literals, parentheses. It accepts what the parser behind it accepts (a blank before the line end,
// a lone LF after a literal's length) so that both always agree on where a literal ends.
type scanner struct {
	state    scanState
	escaped  bool
	depth    int
	line     int   // bytes of this response without literals
	literal  int64 // bytes of the literal still to come
	literals int64 // bytes of literals in this response
	size     int64 // the number being read in "{123}"
	digits   int
	head     []byte // the first bytes of the response
	bye      []byte // text of a BYE
	spin     spinWatch
}

type scanState int

const (
	scanHead    scanState = iota // the first bytes of a response: what kind is it?
	scanText                     // a status, a tagged response or "+": text for people to the line's end
	scanData                     // data: "* 12 FETCH (...", "* LIST (..."
	scanSearch                   // numbers
	scanQuoted                   // within "..."
	scanSize                     // within "{...}"
	scanSizeEnd                  // between "}" and the line's end
	scanLiteral                  // within a literal
)

// headSize is enough to tell the kind of a response.
const headSize = 12

// take follows the next bytes; its error is [errHostile] with the reason.
func (s *scanner) take(p []byte) error {
	for len(p) > 0 {
		if s.state == scanLiteral {
			n := min(int64(len(p)), s.literal)
			p, s.literal = p[n:], s.literal-n
			if s.literal == 0 {
				s.state = scanData
			}
			continue
		}
		if err := s.spin.take(p[0]); err != nil {
			return err
		}
		if err := s.takeByte(p[0]); err != nil {
			return err
		}
		p = p[1:]
	}
	return nil
}

func (s *scanner) takeByte(c byte) error {
	s.line++
	if limit := s.lineLimit(); s.line > limit {
		return fmt.Errorf("%w: a line of more than %d bytes", errHostile, limit)
	}
	switch s.state {
	case scanHead:
		return s.takeHead(c)
	case scanText:
		s.takeText(c)
	case scanSearch:
		if c == '\n' {
			s.reset()
		}
	case scanData:
		return s.takeData(c)
	case scanQuoted:
		s.takeQuoted(c)
	case scanSize:
		return s.takeSize(c)
	case scanSizeEnd:
		return s.takeSizeEnd(c)
	}
	return nil
}

func (s *scanner) lineLimit() int {
	if s.state == scanSearch {
		return maxSearchLine
	}
	return maxLine
}

// reset is the end of a response.
func (s *scanner) reset() {
	*s = scanner{head: s.head[:0], bye: s.bye, spin: s.spin}
}

// takeHead collects what a response begins with until its kind is certain, then follows those bytes as that kind.
func (s *scanner) takeHead(c byte) error {
	s.head = append(s.head, c)
	if len(s.head) < headSize && c != '\n' {
		return nil
	}
	s.state = kindOfResponse(s.head)
	head := s.head
	s.line -= len(head)
	for _, c := range head {
		if err := s.takeByte(c); err != nil {
			return err
		}
	}
	return nil
}

// kindOfResponse tells text from data. What is not certainly text is data, where everything is counted.
func kindOfResponse(head []byte) scanState {
	if !bytes.HasPrefix(head, []byte("* ")) {
		return scanText // tagged, "+", or no IMAP at all
	}
	word, _, _ := bytes.Cut(bytes.TrimRight(head[2:], "\r\n"), []byte(" "))
	switch string(bytes.ToUpper(word)) {
	case "OK", "NO", "BAD", "BYE", "PREAUTH":
		return scanText
	case "SEARCH", "ESEARCH":
		return scanSearch
	}
	return scanData
}

func (s *scanner) takeText(c byte) {
	if c == '\n' {
		s.reset()
		return
	}
	const prefix = len("* BYE")
	if len(s.head) > prefix && bytes.EqualFold(s.head[:prefix], []byte("* BYE")) && s.line > prefix && len(s.bye) < 1024 {
		s.bye = append(s.bye, c)
	}
}

func (s *scanner) takeData(c byte) error {
	switch c {
	case '\n':
		s.reset()
	case '"':
		s.state = scanQuoted
	case '{':
		s.state, s.size, s.digits = scanSize, 0, 0
	case '(':
		if s.depth++; s.depth > maxNesting {
			return fmt.Errorf("%w: more than %d nested lists", errHostile, maxNesting)
		}
	case ')':
		s.depth--
	}
	return nil
}

func (s *scanner) takeQuoted(c byte) {
	switch {
	case s.escaped:
		s.escaped = false
	case c == '\\':
		s.escaped = true
	case c == '"':
		s.state = scanData
	}
}

func (s *scanner) takeSize(c byte) error {
	switch {
	case c >= '0' && c <= '9':
		s.digits++
		s.size = s.size*10 + int64(c-'0')
		if s.size > maxLiteral {
			return fmt.Errorf("%w: a literal of more than %d bytes", errHostile, maxLiteral)
		}
	case c == '}' && s.digits > 0:
		s.state = scanSizeEnd
	default:
		return fmt.Errorf("%w: a broken literal length", errHostile)
	}
	return nil
}

func (s *scanner) takeSizeEnd(c byte) error {
	switch c {
	case ' ', '\r':
		return nil
	case '\n':
		s.literal = s.size
		if s.literals += s.size; s.literals > maxLiterals {
			return fmt.Errorf("%w: literals of more than %d bytes", errHostile, maxLiterals)
		}
		if s.state = scanLiteral; s.literal == 0 {
			s.state = scanData
		}
		return nil
	}
	return fmt.Errorf("%w: a broken literal length", errHostile)
}
