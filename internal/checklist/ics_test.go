package checklist

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/bounce"
)

// calendarLine is a line of a calendar, read back.
type calendarLine struct{ name, value string }

// component is what stands between BEGIN and END.
type component struct {
	name       string
	properties []calendarLine
	parts      []component
}

func (c *component) get(name string) string {
	for _, p := range c.properties {
		if p.name == name {
			return p.value
		}
	}
	return ""
}

// parseICS reads a calendar by RFC 5545 sections 3.1 and 3.6 and knows nothing of how it was written.
func parseICS(data []byte) (component, error) {
	text := string(data)
	switch {
	case !utf8.ValidString(text):
		return component{}, fmt.Errorf("not UTF-8")
	case !strings.HasSuffix(text, "\r\n"), strings.Count(text, "\n") != strings.Count(text, "\r\n"), strings.Count(text, "\r") != strings.Count(text, "\r\n"):
		return component{}, fmt.Errorf("a line does not end in CR LF")
	}
	for _, line := range strings.Split(text, "\r\n") {
		if len(line) > 75 {
			return component{}, fmt.Errorf("a line of %d octets", len(line))
		}
		if !utf8.ValidString(line) {
			return component{}, fmt.Errorf("a character is parted: %q", line)
		}
	}
	stack := []component{{}}
	for _, line := range strings.Split(strings.TrimSuffix(strings.ReplaceAll(text, "\r\n ", ""), "\r\n"), "\r\n") {
		head, value, ok := strings.Cut(line, ":")
		if !ok || strings.Trim(head, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-") != "" {
			return component{}, fmt.Errorf("no property: %q", line)
		}
		top := len(stack) - 1
		switch head {
		case "BEGIN":
			stack = append(stack, component{name: value})
		case "END":
			if top == 0 || stack[top].name != value {
				return component{}, fmt.Errorf("END of %q inside %q", value, stack[top].name)
			}
			stack[top-1].parts = append(stack[top-1].parts, stack[top])
			stack = stack[:top]
		default:
			plain, err := unescapeICS(value)
			if err != nil {
				return component{}, err
			}
			stack[top].properties = append(stack[top].properties, calendarLine{name: head, value: plain})
		}
	}
	if len(stack) != 1 || len(stack[0].parts) != 1 || len(stack[0].properties) != 0 || stack[0].parts[0].name != "VCALENDAR" {
		return component{}, fmt.Errorf("not one calendar")
	}
	return stack[0].parts[0], nil
}

func unescapeICS(s string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == ';' || s[i] == ',':
			return "", fmt.Errorf("%q has a bare %q", s, s[i])
		case s[i] != '\\':
			b.WriteByte(s[i])
			continue
		}
		i++
		if i == len(s) || !strings.ContainsRune(`\;,nN`, rune(s[i])) {
			return "", fmt.Errorf("%q has a bare backslash", s)
		}
		if s[i] == 'n' || s[i] == 'N' {
			b.WriteByte('\n')
		} else {
			b.WriteByte(s[i])
		}
	}
	return b.String(), nil
}

func calendar(t testing.TB, r Report, o Options) component {
	t.Helper()
	c, err := parseICS(written(t, ICS, r, o))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// sameICS compares the components and the names of their properties, which no text may add to.
func sameICS(t *testing.T, hostile, harmless []byte) {
	outline := func(data []byte) string {
		c, err := parseICS(data)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		var walk func(c component)
		walk = func(c component) {
			b.WriteString(c.name + "(")
			for _, p := range c.properties {
				b.WriteString(p.name + fmt.Sprintf("/%d ", strings.Count(p.value, "\n")))
			}
			for _, part := range c.parts {
				walk(part)
			}
			b.WriteString(")")
		}
		walk(c)
		return b.String()
	}
	if got, want := outline(hostile), outline(harmless); got != want {
		t.Errorf("a calendar of\n%s\nwant\n%s", got, want)
	}
}

// TestTasks: every item that asks for something is a task with its words and its day, and nobody is invited.
func TestTasks(t *testing.T) {
	r := sample(t)
	o := italian(t)
	o.Ticks = new(Ticks)
	o.Ticks.Set(&r.Items[2], r.At)
	o.Ticks.WriteNote(&r.Items[0], "chiamare Lucia; prima delle 9, o mai", r.At)
	c := calendar(t, r, o)
	if c.get("VERSION") != "2.0" || !strings.Contains(c.get("X-WR-CALDESC"), "27 gennaio 2023") {
		t.Errorf("the calendar does not say what it is: %+v", c.properties)
	}
	byRecipient := func(address string) *component {
		for i := range c.parts {
			if strings.Contains(c.parts[i].get("SUMMARY"), address) {
				return &c.parts[i]
			}
		}
		return new(component)
	}
	for address, want := range map[string]struct{ due, status, says string }{
		"lucia.ferri@libero.it":                        {"", "NEEDS-ACTION", "La tua nota: chiamare Lucia; prima delle 9, o mai\n"},
		"giovanni@virgilio.it":                         {"20230128T080000Z", "NEEDS-ACTION", "Auguri!"},
		"segreteria.amministrativa.comunale@inwind.it": {"", "COMPLETED", ""},
		"paolo@libero.it":                              {"", "NEEDS-ACTION", "会議のお知らせ 🎉 e nota"},
		"anna@iol.it":                                  {"20230201T080000Z", "NEEDS-ACTION", ""},
		"bea@libero.it":                                {"", "NEEDS-ACTION", ""},
		"carlo@libero.it":                              {"", "", ""}, // it arrived, and nothing was ever to be done
	} {
		task := byRecipient(address)
		if task.get("DUE") != want.due || task.get("STATUS") != want.status || !strings.Contains(task.get("SUMMARY")+task.get("DESCRIPTION"), want.says) {
			t.Errorf("%s: %+v, want %+v", address, task.properties, want)
		}
	}
	seen := map[string]bool{}
	for i := range c.parts {
		task := &c.parts[i]
		if uid := task.get("UID"); task.name != "VTODO" || uid == "" || seen[uid] {
			t.Errorf("%s with the id %q", task.name, uid)
		}
		seen[task.get("UID")] = true
		if task.get("DTSTAMP") != "20230127T170000Z" || task.get("CLASS") != "PRIVATE" || !strings.Contains(task.get("DESCRIPTION"), "Rimbalzo") {
			t.Errorf("%+v", task.properties)
		}
		for _, p := range task.properties {
			if slices.Contains([]string{"ATTENDEE", "ORGANIZER", "ATTACH", "URL"}, p.name) {
				t.Errorf("a task holds %s", p.name)
			}
		}
	}
}

// TestTasksOfTwoDays: the same report gives the same bytes, and a later one the same ids, with the tasks of the first completed.
func TestTasksOfTwoDays(t *testing.T) {
	first := sample(t)
	if a, b := written(t, ICS, first, italian(t)), written(t, ICS, sample(t), italian(t)); !bytes.Equal(a, b) {
		t.Error("the same report gives other bytes")
	}
	later := sample(t)
	later.At = later.At.Add(24 * time.Hour)
	later.Items[0].Verdict, later.Items[0].ResendWhen, later.Items[0].Proof = advice.Resent, "", advice.ProofCopy
	ids := func(c component) map[string]string {
		m := map[string]string{}
		for i := range c.parts {
			m[c.parts[i].get("UID")] = c.parts[i].get("STATUS")
		}
		return m
	}
	before, after := ids(calendar(t, first, italian(t))), ids(calendar(t, later, italian(t)))
	done := 0
	for id := range before {
		switch after[id] {
		case "":
			t.Errorf("task %s is gone: whoever imported it keeps it for ever", id)
		case "COMPLETED":
			done++
		}
	}
	if done != 1 {
		t.Errorf("%d tasks are completed, want 1", done)
	}
}

// TestTasksWithoutAnID: two messages that are alike in all that names them are two tasks.
func TestTasksWithoutAnID(t *testing.T) {
	item := advice.Item{Recipient: "a@libero.it", Verdict: advice.Resend, SentAt: bounce.Stamp{At: time.Unix(1674500000, 0)}}
	c := calendar(t, Report{At: time.Unix(1674600000, 0), Items: []advice.Item{item, item}}, italian(t))
	if len(c.parts) != 2 || c.parts[0].get("UID") == c.parts[1].get("UID") {
		t.Errorf("%+v", c.parts)
	}
}
