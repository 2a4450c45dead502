package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

// linuxTree is everything that a package installs, below its prefix. The program for servers brings nothing for desktops.
//
// Nothing is put into /etc/xdg/autostart, not even switched off: an entry there is everybody's on the machine, each desktop
// shows it in its own list, and "X-GNOME-Autostart-enabled=false" is GNOME's alone. Whoever wants the watcher to start at
// login says so, and then the program writes the entry for that person.
func linuxTree(w *workshop, r *release, p linuxProduct) (tree, error) {
	files := tree{}
	var failed []error
	add := func(name string, data []byte, err error) {
		files, failed = append(files, entry{name, data, 0o644}), append(failed, err)
	}
	program, err := os.ReadFile(p.exe)
	files = append(files, entry{"bin/" + r.Slug(), program, 0o755})
	failed = append(failed, err)
	for folder, lang := range map[string]string{"share/man/man1/": "en", "share/man/it/man1/": "it"} {
		page, err := w.printed(p.talks, "--lang", lang, "manual")
		packed, err := zipped(page, err)
		add(folder+r.Slug()+".1.gz", packed, err)
	}
	for shell, name := range completions(r.Slug()) {
		text, err := w.printed(p.talks, "--lang", "en", "completion", shell)
		add(name, text, err)
	}
	texts, err := os.ReadFile(filepath.Join(w.root, filepath.FromSlash(licencesFile)))
	add("share/doc/"+p.name+"/licences.txt.gz", texts, err)
	own, err := w.filled(r, "packaging/linux/copyright")
	add("share/doc/"+p.name+"/copyright", own, err)
	if p.window {
		desktop, err := w.filled(r, "packaging/linux/rimbalzo.desktop")
		add("share/applications/"+r.ID+".desktop", desktop, err)
		about, err := w.filled(r, "packaging/linux/metainfo.xml")
		add("share/metainfo/"+r.ID+".metainfo.xml", about, err)
		for name, from := range iconFiles(r.ID) {
			data, err := os.ReadFile(filepath.Join(w.root, "icons", from))
			add("share/icons/hicolor/"+name, data, err)
		}
	}
	files.sort()
	return files, errors.Join(failed...)
}

// completions are where the shells look for a program's completions.
func completions(program string) map[string]string {
	return map[string]string{
		"bash": "share/bash-completion/completions/" + program,
		"zsh":  zshFolder + "_" + program,
		"fish": "share/fish/vendor_completions.d/" + program + ".fish",
	}
}

// zshFolder is where zsh looks but in Debian, whose policy wants vendor-completions.
const zshFolder = "share/zsh/site-functions/"

// iconFiles are the icon's sizes in the theme that all others fall back to, with the drawings to take
// (https://specifications.freedesktop.org/icon-theme/latest/#directory_layout).
func iconFiles(id string) map[string]string {
	files := map[string]string{"scalable/apps/" + id + ".svg": "rimbalzo.svg", "512x512/apps/" + id + ".png": "rimbalzo.png"}
	for _, size := range []int{16, 22, 24, 32, 36, 48, 64, 72, 96, 128, 192, 256} {
		files[fmt.Sprintf("%dx%d/apps/%s.png", size, size, id)] = fmt.Sprintf("rimbalzo-%d.png", size)
	}
	return files
}

// printed is what the program prints; it looks at nothing of the person who packs.
func (w *workshop) printed(exe string, args ...string) ([]byte, error) {
	text, err := w.read([]string{"HOME=/nonexistent", "XDG_CONFIG_HOME="}, exe, args...)
	return []byte(text), err
}

// zipped packs as gzip -9n does, which Debian's policy wants of manual pages.
func zipped(data []byte, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	_, err = z.Write(data)
	err = errors.Join(err, z.Close()) // which writes the end
	return packed.Bytes(), err
}

// filled fills the program's identity into a file of packaging.
func (w *workshop) filled(r *release, name string) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(w.root, filepath.FromSlash(name)))
	if err != nil {
		return nil, fmt.Errorf("reading a part of the packages: %w", err)
	}
	licence, err := os.ReadFile(filepath.Join(w.root, "LICENSE"))
	if err != nil {
		return nil, fmt.Errorf("reading the licence: %w", err)
	}
	t, err := template.New(name).Option("missingkey=error").Funcs(template.FuncMap{
		"picture": func(file, lang string) (string, error) { return w.picture(r, file, lang) },
	}).Parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	var out bytes.Buffer
	err = t.Execute(&out, struct {
		identity
		Slug, DeveloperID, Date, Indented, Commit string
		Epoch                                     int64
	}{r.identity, r.Slug(), r.ID[:strings.LastIndex(r.ID, ".")], r.at.Format("2006-01-02"), indented(string(licence)), r.commit, r.at.Unix()})
	if err != nil {
		return nil, fmt.Errorf("filling in %s: %w", name, err)
	}
	return out.Bytes(), nil
}

// indented is a text as a field of Debian's copyright files holds it: a blank before each line, a dot for an empty one.
func indented(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i, line := range lines {
		if line = strings.TrimRight(line, " \r"); line == "" {
			line = "."
		}
		lines[i] = " " + line
	}
	return strings.Join(lines, "\n")
}

// picture is the element of AppStream for one of the program's pictures, which lie where its sources are published; lang is the
// language of the words in it.
func (w *workshop) picture(r *release, file, lang string) (string, error) {
	f, err := os.Open(filepath.Join(w.root, pictureFolder, file))
	if err != nil {
		return "", fmt.Errorf("looking at a picture: %w", err)
	}
	defer f.Close()
	size, err := png.DecodeConfig(f)
	if err != nil {
		return "", fmt.Errorf("looking at the picture %s: %w", file, err)
	}
	said := ""
	if lang != "en" { // which AppStream takes where no language is said
		said = `xml:lang="` + lang + `" `
	}
	return fmt.Sprintf(`<image type="source" %swidth="%d" height="%d">%s/raw/v%s/%s/%s</image>`,
		said, size.Width, size.Height, r.Website, r.Version, pictureFolder, file), nil
}
