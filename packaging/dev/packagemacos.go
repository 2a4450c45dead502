package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"text/template"
)

// Who signs for macOS, and who has Apple look at it: names of variables. Without the first the application is signed by nobody
// ("ad hoc"), and macOS asks the person; without the others it is not notarized.
const (
	appleIdentity = "RIMBALZO_APPLE_IDENTITY" // of a Developer ID certificate in the keychain
	appleKey      = "RIMBALZO_APPLE_KEY"      // the file of an App Store Connect API key
	appleKeyID    = "RIMBALZO_APPLE_KEY_ID"
	appleIssuer   = "RIMBALZO_APPLE_ISSUER"
)

// oldestMacOS is the first one that Go 1.26 runs on.
const oldestMacOS = "12.0"

func onlyOnMac(w *workshop) string {
	if w.host.goos != "darwin" {
		return "the window takes macOS's own headers, and lipo, codesign and hdiutil are there alone"
	}
	return ""
}

// packMacOS makes the application for both processors, signs it, has it notarized where there is who may, and puts it into a
// disk image.
func packMacOS(w *workshop, r *release) error {
	exe, parts, err := universal(w, r)
	if err != nil {
		return err
	}
	files, err := macBundle(w, r, exe)
	if err != nil {
		return err
	}
	stage := filepath.Join(r.work, "image")
	if err := files.lay(stage); err != nil {
		return err
	}
	app := filepath.Join(stage, r.Name+".app")
	if err := signApple(w, r, app); err != nil {
		return err
	}
	if err := os.Symlink("/Applications", filepath.Join(stage, "Applications")); err != nil {
		return fmt.Errorf("laying out the disk image: %w", err)
	}
	name := fmt.Sprintf("%s-%s-macos.dmg", r.Slug(), r.Version)
	if err := w.run(nil, "hdiutil", "create", "-volname", r.Name, "-srcfolder", stage, "-ov", "-format", "UDZO", r.artifact(name)); err != nil {
		return err
	}
	if err := notarize(w, r.artifact(name)); err != nil {
		return err
	}
	if err := r.document(name, parts...); err != nil {
		return err
	}
	return cask(w, r, name)
}

// universal builds the program for both processors and joins the two.
func universal(w *workshop, r *release) (exe string, parts []string, err error) {
	for goarch, clang := range map[string]string{"amd64": "x86_64", "arm64": "arm64"} {
		flags := "clang -arch " + clang + " -mmacosx-version-min=" + oldestMacOS
		b := build{goos: "darwin", goarch: goarch, window: true, env: []string{"CC=" + flags, "CXX=clang++ -arch " + clang}, tags: "accessibility"}
		part, err := w.compile(r, b, "rimbalzo-"+goarch)
		if err != nil {
			return "", nil, err
		}
		parts = append(parts, part)
	}
	exe = filepath.Join(r.work, "rimbalzo-universal")
	return exe, parts, w.run(nil, "lipo", append([]string{"-create", "-output", exe}, parts...)...)
}

// macBundle is the application, with the watcher nested in it as one of its own: another id, and no place in the Dock
// (developer.apple.com, "Placing content in a bundle"; SMAppService looks for login items in that folder).
func macBundle(w *workshop, r *release, exe string) (tree, error) {
	program, err := os.ReadFile(exe)
	if err != nil {
		return nil, fmt.Errorf("reading the program: %w", err)
	}
	icon, err := icns(filepath.Join(w.root, "icons"))
	if err != nil {
		return nil, err
	}
	texts, err := os.ReadFile(filepath.Join(w.root, filepath.FromSlash(licencesFile)))
	if err != nil {
		return nil, fmt.Errorf("reading the licences: %w", err)
	}
	main := r.Name + ".app/Contents/"
	files := tree{{main + "Resources/licences.txt.gz", texts, 0o644}}
	for contents, list := range map[string]string{
		main: "Info.plist",
		main + "Library/LoginItems/" + r.Name + " Watcher.app/Contents/": "Watcher.plist",
	} {
		info, err := w.fill("packaging/macos/"+list, r.identity)
		if err != nil {
			return nil, err
		}
		files = append(files,
			entry{contents + "Info.plist", info, 0o644},
			entry{contents + "MacOS/rimbalzo", program, 0o755},
			entry{contents + "Resources/rimbalzo.icns", icon, 0o644},
			// An empty folder of each language: the system's own words in the menus and dialogs follow them.
			entry{contents + "Resources/en.lproj/InfoPlist.strings", nil, 0o644},
			entry{contents + "Resources/it.lproj/InfoPlist.strings", nil, 0o644},
		)
	}
	files.sort()
	return files, nil
}

// icns packs drawings of several sizes into one file: a type of four letters and a length before each PNG, and the whole's
// before all (en.wikipedia.org/wiki/Apple_Icon_Image_format; Apple documents the tool only).
func icns(dir string) ([]byte, error) {
	var body bytes.Buffer
	for _, part := range []struct{ kind, file string }{
		{"icp4", "rimbalzo-16.png"},
		{"icp5", "rimbalzo-32.png"},
		{"ic11", "rimbalzo-32.png"},
		{"ic12", "rimbalzo-64.png"},
		{"ic07", "rimbalzo-128.png"},
		{"ic13", "rimbalzo-256.png"},
		{"ic08", "rimbalzo-256.png"},
		{"ic09", "rimbalzo.png"},
	} {
		drawing, err := os.ReadFile(filepath.Join(dir, part.file))
		if err != nil {
			return nil, fmt.Errorf("reading an icon: %w", err)
		}
		body.WriteString(part.kind)
		body.Write(binary.BigEndian.AppendUint32(nil, uint32(8+len(drawing))))
		body.Write(drawing)
	}
	head := binary.BigEndian.AppendUint32([]byte("icns"), uint32(8+body.Len()))
	return append(head, body.Bytes()...), nil
}

// signApple signs the nested application first, then the whole, with the hardened runtime.
func signApple(w *workshop, r *release, app string) error {
	identity := w.host.env(appleIdentity)
	if identity == "" {
		fmt.Fprintf(w.out, "Signed by nobody: %s names no certificate.\n", appleIdentity)
		identity = "-"
	}
	entitlements := filepath.Join("packaging", "macos", "entitlements.plist")
	for _, bundle := range []string{filepath.Join(app, "Contents", "Library", "LoginItems", r.Name+" Watcher.app"), app} {
		args := []string{"--force", "--options", "runtime", "--entitlements", entitlements, "--sign", identity}
		if identity != "-" {
			args = append(args, "--timestamp")
		}
		if err := w.run(nil, "codesign", append(args, bundle)...); err != nil {
			return err
		}
	}
	return w.run(nil, "codesign", "--verify", "--deep", "--strict", app)
}

// notarize has Apple look at the image and fastens the answer to it. The key is a file: nothing secret is on the command line.
func notarize(w *workshop, image string) error {
	key, id, issuer := w.host.env(appleKey), w.host.env(appleKeyID), w.host.env(appleIssuer)
	if key == "" || id == "" || issuer == "" {
		fmt.Fprintf(w.out, "Not notarized: %s, %s and %s are not all there.\n", appleKey, appleKeyID, appleIssuer)
		return nil
	}
	if err := w.run(nil, "xcrun", "notarytool", "submit", image, "--key", key, "--key-id", id, "--issuer", issuer, "--wait"); err != nil {
		return err
	}
	return w.run(nil, "xcrun", "stapler", "staple", image)
}

// cask writes the recipe for Homebrew.
func cask(w *workshop, r *release, image string) error {
	sum, err := sumOf(r.artifact(image))
	if err != nil {
		return err
	}
	text, err := w.fill("packaging/macos/rimbalzo.rb", struct {
		identity
		Slug, Sum, Dmg string
	}{r.identity, r.Slug(), sum, image})
	if err != nil {
		return err
	}
	return os.WriteFile(r.artifact(r.Slug()+".rb"), text, 0o644)
}

// fill fills data into a file of packaging.
func (w *workshop) fill(name string, data any) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(w.root, filepath.FromSlash(name)))
	if err != nil {
		return nil, fmt.Errorf("reading a part of the packages: %w", err)
	}
	t, err := template.New(name).Option("missingkey=error").Parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, data); err != nil {
		return nil, fmt.Errorf("filling in %s: %w", name, err)
	}
	return out.Bytes(), nil
}
