// Package about is what the program says of itself, for window and command line alike: what it is made of, what its facts
// rest on, what it promises.
package about

import "strings"

// Part is somebody else's work that is linked into the program.
type Part struct {
	Name, Version string
	Licences      string // by their SPDX names, with commas between them
	Text          string // the licences themselves, in English
}

// rule stands between the licences' texts, see package licences.
var rule = "\n" + strings.Repeat("-", 72) + "\n"

// Parts reads the text of package licences: a line for each part, and then the texts, each below the names of the parts that it
// belongs to.
func Parts(text string) []Part {
	sections := strings.Split(text, rule)
	var parts []Part
	for line := range strings.Lines(sections[0]) {
		if !strings.HasPrefix(line, "  ") {
			continue
		}
		name, licences, _ := strings.Cut(strings.TrimSpace(line), " (")
		name, version, _ := strings.Cut(name, " ")
		if name == "" {
			continue
		}
		parts = append(parts, Part{Name: name, Version: version, Licences: strings.TrimSuffix(licences, ")")})
	}
	for _, section := range sections[1:] {
		head, body, _ := strings.Cut(section, "\n\n")
		for i := range parts {
			if belongs(head, parts[i].Name) {
				parts[i].Text = strings.TrimLeft(parts[i].Text+"\n\n"+strings.TrimSpace(body), "\n")
			}
		}
	}
	return parts
}

// belongs reports whether the head of a text names a part: "NAME, FILE" on a line.
func belongs(head, name string) bool {
	for line := range strings.Lines(head) {
		if strings.HasPrefix(line, name+",") {
			return true
		}
	}
	return false
}
