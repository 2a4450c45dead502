//go:build !windows

package autostart

import "strings"

// desktopEntry is an autostart entry (Desktop Entry Specification 1.5, Desktop Application Autostart Specification 0.5). It uses
// nothing that 1.0 has not, and says so: validators reject versions that are younger than they are.
func desktopEntry(e Entry) string {
	var exec []string
	for _, arg := range e.Command {
		exec = append(exec, quoted(arg))
	}
	return "[Desktop Entry]\nType=Application\nVersion=1.0\nName=" + value(e.Name) + "\nComment=" + value(e.Comment) +
		"\nExec=" + value(strings.Join(exec, " ")) + "\nIcon=" + value(e.ID) + "\nTerminal=false\nX-GNOME-Autostart-enabled=true\n"
}

// quoted is an argument of Exec: in double quotes, with what the shell minds behind a backslash and "%" doubled
// (section "The Exec key").
func quoted(arg string) string {
	r := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "`", "\\`", `$`, `\$`, `%`, `%%`)
	return `"` + r.Replace(arg) + `"`
}

// value is a value of type string: its backslashes are read once more before Exec is (section "Possible value types").
func value(s string) string { return strings.ReplaceAll(s, `\`, `\\`) }
