package main

import (
	"encoding/binary"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// plist reads the keys of a property list whose values are texts and yes or no.
func plist(t *testing.T, data []byte) map[string]string {
	t.Helper()
	keys, key, value := map[string]string{}, "", ""
	for d := xml.NewDecoder(strings.NewReader(string(data))); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return keys
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, data)
		}
		switch token := token.(type) {
		case xml.StartElement:
			value = ""
			if name := token.Name.Local; name == "true" || name == "false" {
				keys[key] = name
			}
		case xml.CharData:
			value += string(token)
		case xml.EndElement:
			switch token.Name.Local {
			case "key":
				key = value
			case "string":
				keys[key] = value
			}
		}
	}
}

// TestMacBundle: the application holds the watcher as one of its own, each with an id, and both are of one version.
func TestMacBundle(t *testing.T) {
	root := filepath.Join("..", "..")
	id, err := readIdentity(root)
	if err != nil {
		t.Fatal(err)
	}
	exe := filepath.Join(t.TempDir(), "exe")
	if err := os.WriteFile(exe, []byte("program"), 0o755); err != nil {
		t.Fatal(err)
	}
	files, err := macBundle(&workshop{root: root, out: io.Discard, err: io.Discard}, &release{identity: id}, exe)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]entry{}
	for _, f := range files {
		found[f.path] = f
	}
	const main, nested = "Rimbalzo.app/Contents/", "Rimbalzo.app/Contents/Library/LoginItems/Rimbalzo Watcher.app/Contents/"
	for dir, want := range map[string]struct{ id, hidden string }{main: {id.ID, ""}, nested: {id.ID + ".watcher", "true"}} {
		info := plist(t, found[dir+"Info.plist"].data)
		if info["CFBundleIdentifier"] != want.id || info["LSUIElement"] != want.hidden || info["CFBundleShortVersionString"] != id.Version {
			t.Errorf("%s says %v", dir, info)
		}
		if f := found[dir+"MacOS/"+info["CFBundleExecutable"]]; string(f.data) != "program" || f.mode != 0o755 {
			t.Errorf("%s names the program %q, which is %o", dir, info["CFBundleExecutable"], f.mode)
		}
		icon := found[dir+"Resources/"+info["CFBundleIconFile"]].data
		if len(icon) < 8 || string(icon[:4]) != "icns" || int(binary.BigEndian.Uint32(icon[4:])) != len(icon) {
			t.Errorf("%s names the icon %q, which has %d bytes", dir, info["CFBundleIconFile"], len(icon))
		}
		if info["CFBundleIconFile"] == "" || len(info["NSHumanReadableCopyright"]) < 12 {
			t.Errorf("%s: %v", dir, info)
		}
	}
	entitlements, err := os.ReadFile(filepath.Join(root, "packaging", "macos", "entitlements.plist"))
	if err != nil {
		t.Fatal(err)
	}
	if keys := plist(t, entitlements); len(keys) > 0 {
		t.Errorf("the program may do more than it needs: %v", keys)
	}
}

// TestTheNestedApplicationIsFound: the program looks for its watcher where the bundle has it.
func TestTheNestedApplicationIsFound(t *testing.T) {
	source, err := os.ReadFile(filepath.Join("..", "..", "app", "itself.go"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(source), `"Contents/Library/LoginItems/Rimbalzo Watcher.app/Contents/MacOS/rimbalzo"`) {
		t.Error("app/itself.go looks elsewhere")
	}
}
