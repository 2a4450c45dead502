package outage

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
)

// reading is one catalogue file on its way in.
type reading struct {
	file     string
	places   places
	problems []Problem
	sources  map[string]string
}

// Parse reads a catalogue file (TOML 1.0, at most 1 MB; its shape is in doc.go). name is what people call the file. The
// outages without a problem are in the catalogue, which is never nil; problems are in the order of their lines.
func Parse(name string, data []byte) (*Catalogue, []Problem) {
	rd := &reading{file: name, sources: map[string]string{}}
	c := &Catalogue{Sources: rd.sources}
	if root := rd.decode(data); root != nil {
		c.Outages = rd.catalogue(root)
		inOrder(c.Outages)
	}
	return c, byLine(rd.problems)
}

// decode turns the bytes into tables, or reports why that cannot be.
func (rd *reading) decode(data []byte) map[string]any {
	if len(data) > maxFile {
		rd.report(1, "too-large", "Limit", maxFile>>20)
		return nil
	}
	if i := firstInvalid(data); i >= 0 {
		rd.report(1+strings.Count(string(data[:i]), "\n"), "not-utf8")
		return nil
	}
	text := string(data)
	found, end := tracePlaces(text)
	rd.places = found
	if end != nil {
		rd.reportSyntax(end.line, end.rule, text)
		return nil
	}
	root := map[string]any{}
	if err := decodeTOML(text, &root); err != nil {
		line, rule := syntaxOf(err)
		rd.reportSyntax(line, rule, text)
		return nil
	}
	return root
}

// firstInvalid is the offset of the first byte that is not UTF-8 text, or -1.
func firstInvalid(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if (r == utf8.RuneError && size == 1) || r == 0 {
			return i
		}
		i += size
	}
	return -1
}

// decodeTOML keeps a panic of the library from reaching a person; a file can never be worth that.
func decodeTOML(text string, root *map[string]any) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("decoding TOML: %v", r)
		}
	}()
	if _, err := toml.Decode(text, root); err != nil {
		return fmt.Errorf("decoding TOML: %w", err)
	}
	return nil
}

// syntaxOf is the line of a syntax error and the sentence that fits it. The library's own words are English and written
// for programmers, so only the commonest slips are told apart.
func syntaxOf(err error) (line int, rule string) {
	var pe toml.ParseError
	if !errors.As(err, &pe) {
		return 1, "syntax"
	}
	for part, rule := range map[string]string{
		"already been defined": "syntax-twice", "already defined": "syntax-twice", "duplicate": "syntax-twice",
		"invalid datetime": "syntax-time", "escape": "syntax-escape", "control": "control-character",
	} {
		if strings.Contains(strings.ToLower(pe.Message), part) {
			return pe.Position.Line, rule
		}
	}
	return pe.Position.Line, "syntax"
}

// reportSyntax reports with the line itself, so that the person finds it even where the editor shows no numbers.
func (rd *reading) reportSyntax(line int, rule, text string) {
	lines := strings.SplitN(text, "\n", line+1)
	rd.report(line, rule, "Text", strings.TrimSpace(lines[min(line, len(lines))-1]), "Key", "", "Limit", maxNesting)
}

// catalogue reads the sources, then each outage. An outage with a problem is left out.
func (rd *reading) catalogue(root map[string]any) []Outage {
	n := &node{rd: rd, table: root}
	if _, ok := root["sources"]; ok {
		rd.readSources(n.sub("sources"))
	}
	tables := n.tables("outage", maxOutages)
	n.done()
	if len(tables) == 0 && len(rd.problems) == 0 {
		rd.report(1, "no-outages")
	}
	var outages []Outage
	first := map[string]int{}
	for _, t := range tables {
		before := len(rd.problems)
		o := t.outage()
		line := rd.places.line(child(t.path, "id"))
		if at, twice := first[o.ID]; twice && o.ID != "" {
			rd.report(line, "duplicate-id", "Value", o.ID, "First", at)
		} else {
			first[o.ID] = line
		}
		if len(rd.problems) == before {
			outages = append(outages, o)
		}
	}
	return outages
}

func (rd *reading) readSources(n *node) {
	if n == nil {
		return
	}
	for _, key := range n.keys() {
		rd.sources[key] = n.str(key)
	}
}

// inZone shows an instant on the clocks of the outage's zone; its offset in the file stays what it means.
func inZone(t time.Time, zone *time.Location) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(zone)
}
