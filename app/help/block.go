// Package help holds what the program explains about itself: the topics of "rimbalzo help TOPIC" and of the window's help
// page, in Italian and English. Texts lie in texts/LANGUAGE/TOPIC.md, in a small part of Markdown; what the program's data
// knows already (providers, verdicts, outages) is put in from there and not written twice.
package help

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is what a block of a text is.
type Kind string

// The kinds of block. None has markup inside: what a block holds is shown as it is.
const (
	Heading   Kind = "heading"   // "## text"
	Part      Kind = "part"      // "### text"
	Paragraph Kind = "paragraph" // lines up to an empty one
	Item      Kind = "item"      // "- text", going on in indented lines
	Command   Kind = "command"   // a line indented by four blanks: to be typed as it is
	Link      Kind = "link"      // "<https://…>" alone on its line: shown and copied, never opened
	insert    Kind = "insert"    // "{{name}}" alone on its line: what the program's data knows
)

// Block is a piece of a text.
type Block struct {
	Kind Kind
	Text string // one line, without control characters
}

// Bounds of a text: ours are far below, and whatever else is read as one stays within memory.
const (
	maxText   = 64 << 10
	maxBlocks = 2000
)

// parse reads a text: its title, which is its first line after "# ", and its blocks. It fails on nothing: what it does not
// know is a paragraph.
func parse(text string) (title string, blocks []Block) {
	if len(text) > maxText {
		text = text[:maxText]
	}
	var p parser
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if rest, ok := strings.CutPrefix(line, "# "); ok && title == "" && len(p.blocks) == 0 && p.open == nil {
			title = plain(rest)
			continue
		}
		p.line(line)
	}
	p.end()
	return title, p.blocks
}

// parser gathers the lines of a block that goes on.
type parser struct {
	blocks []Block
	open   *Block
}

func (p *parser) line(line string) {
	words := plain(line)
	switch {
	case words == "":
		p.end()
	case strings.HasPrefix(line, "## "):
		p.whole(Heading, words[len("##"):])
	case strings.HasPrefix(line, "### "):
		p.whole(Part, words[len("###"):])
	case strings.HasPrefix(line, "- "):
		p.end()
		p.open = &Block{Item, words[len("-"):]}
	case strings.HasPrefix(line, "    ") && p.open == nil:
		p.whole(Command, words)
	case isLink(words):
		p.whole(Link, words[1:len(words)-1])
	case strings.HasPrefix(words, "{{") && strings.HasSuffix(words, "}}") && len(words) > 4:
		p.whole(insert, words[2:len(words)-2])
	case p.open != nil:
		p.open.Text += " " + words
	default:
		p.open = &Block{Paragraph, words}
	}
}

// end closes the block that goes on.
func (p *parser) end() {
	if p.open != nil {
		open := *p.open
		p.open = nil
		p.whole(open.Kind, open.Text)
	}
}

func (p *parser) whole(kind Kind, text string) {
	p.end()
	if text = strings.TrimSpace(text); text != "" && len(p.blocks) < maxBlocks {
		p.blocks = append(p.blocks, Block{kind, text})
	}
}

// isLink reports whether a line is an address in angle brackets.
func isLink(s string) bool {
	return (strings.HasPrefix(s, "<https://") || strings.HasPrefix(s, "<http://")) && strings.HasSuffix(s, ">") && !strings.Contains(s, " ")
}

// plain folds blanks and drops what is not seen: control characters and marks that turn the direction of writing.
func plain(s string) string {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp):
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}
