package help

import (
	"strings"

	"rimbalzo/internal/checklist"
)

// Text gives a topic for a terminal, in lines of at most columns characters but for commands and links, which stay whole.
func (t Topic) Text(columns int) string {
	var b strings.Builder
	b.WriteString(t.Title + "\n" + strings.Repeat("=", min(len([]rune(t.Title)), columns)) + "\n")
	before := Paragraph
	for i, block := range t.Blocks {
		// What belongs together stands together: items, and a link below its item.
		if i == 0 || block.Kind == Paragraph || block.Kind == Heading || block.Kind == Part || block.Kind != before && block.Kind != Link {
			b.WriteByte('\n')
		}
		before = block.Kind
		switch block.Kind {
		case Heading:
			b.WriteString(block.Text + "\n" + strings.Repeat("-", min(len([]rune(block.Text)), columns)) + "\n")
		case Command, Link:
			b.WriteString("    " + block.Text + "\n")
		case Item:
			lead := "- "
			for _, line := range checklist.Wrap(block.Text, columns-len(lead)) {
				b.WriteString(lead + line + "\n")
				lead = "  "
			}
		default:
			for _, line := range checklist.Wrap(block.Text, columns) {
				b.WriteString(line + "\n")
			}
		}
	}
	return b.String()
}
