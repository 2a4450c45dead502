//go:build !windows

package autostart

import (
	"encoding/xml"
	"strings"
)

// launchAgent is a property list for launchd (launchd.plist(5)): started once at login, without being revived: the person
// may end it.
func launchAgent(e Entry) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>Label</key>
	<string>` + escaped(e.ID) + `.watcher</string>
	<key>ProgramArguments</key>
	<array>
`)
	for _, arg := range e.Command {
		b.WriteString("\t\t<string>" + escaped(arg) + "</string>\n")
	}
	b.WriteString(`	</array>
	<key>RunAtLoad</key>
	<true/>
	<key>ProcessType</key>
	<string>Background</string>
</dict>
</plist>
`)
	return b.String()
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder takes everything
	return b.String()
}
