package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// nfpmModule makes .deb and .rpm without the tools of Debian and of Fedora. It is built outside the module.
const nfpmModule = "github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.43.0"

// nfpmConfig is its configuration (https://nfpm.goreleaser.com/configuration/), written as JSON, which YAML takes in.
type nfpmConfig struct {
	Name        string         `json:"name"`
	Arch        string         `json:"arch"`
	Platform    string         `json:"platform"`
	Version     string         `json:"version"`
	Release     string         `json:"release"`
	Section     string         `json:"section"`
	Maintainer  string         `json:"maintainer"`
	Vendor      string         `json:"vendor"`
	Homepage    string         `json:"homepage"`
	Licence     string         `json:"license,omitempty"`
	Description string         `json:"description"`
	MTime       time.Time      `json:"mtime"`
	Changelog   string         `json:"changelog"`
	Depends     []string       `json:"depends"`
	Recommends  []string       `json:"recommends"`
	Suggests    []string       `json:"suggests"`
	Conflicts   []string       `json:"conflicts"`
	Replaces    []string       `json:"replaces,omitempty"`
	Provides    []string       `json:"provides"`
	Contents    []nfpmContent  `json:"contents"`
	RPM         map[string]any `json:"rpm,omitempty"`
	Deb         map[string]any `json:"deb,omitempty"`
}

type nfpmContent struct {
	Src  string       `json:"src"`
	Dst  string       `json:"dst"`
	Type string       `json:"type,omitempty"`
	Info nfpmFileInfo `json:"file_info"`
}

type nfpmFileInfo struct {
	Mode  uint32    `json:"mode"`
	Owner string    `json:"owner"`
	Group string    `json:"group"`
	MTime time.Time `json:"mtime"`
}

// packageRelease counts packages of one version.
const packageRelease = "1"

// installNfpm builds it into the work folder and gives its path.
func installNfpm(w *workshop) (string, error) {
	dir, err := workFolder()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "nfpm"), w.run([]string{"GOBIN=" + dir, "GOFLAGS=", "GOOS=", "GOARCH=", "CGO_ENABLED=0"}, "go", "install", nfpmModule)
}

// nfpm makes one package, "deb" or "rpm", of files that lie below from as they will below the root.
func (p linuxProduct) nfpm(w *workshop, r *release, kind, from string, files tree) error {
	tool, err := installNfpm(w)
	if err != nil {
		return err
	}
	c := p.common(r)
	if c.Changelog, err = p.changelog(r); err != nil {
		return err
	}
	needs, err := librariesOf(p.exe)
	if err != nil {
		return err
	}
	name := ""
	switch kind {
	case "deb":
		p.debian(r, &c, needs)
		name = fmt.Sprintf("%s_%s-%s_%s.deb", p.name, r.Version, packageRelease, p.goarch)
	case "rpm":
		p.fedora(r, &c, needs)
		name = fmt.Sprintf("%s-%s-%s.%s.rpm", p.name, r.Version, packageRelease, rpmArch(p.goarch))
	}
	for _, e := range files {
		to := "/usr/" + e.path
		if kind == "deb" {
			to = strings.Replace(to, zshFolder, "share/zsh/vendor-completions/", 1)
		}
		c.Contents = append(c.Contents, nfpmContent{
			Src: filepath.Join(from, filepath.FromSlash(e.path)), Dst: to,
			Info: nfpmFileInfo{Mode: uint32(e.mode), Owner: "root", Group: "root", MTime: r.at},
		})
	}
	if err := p.lintian(w, r, kind, &c); err != nil {
		return err
	}
	text, err := json.MarshalIndent(c, "", " ")
	if err != nil {
		return err
	}
	config := filepath.Join(r.work, name+".yaml")
	if err := os.WriteFile(config, text, 0o600); err != nil {
		return fmt.Errorf("writing what nfpm is to do: %w", err)
	}
	if err := w.run(nil, tool, "package", "--packager", kind, "--config", config, "--target", r.artifact(name)); err != nil {
		return err
	}
	return r.document(name, p.exe)
}

func rpmArch(goarch string) string {
	return map[string]string{"amd64": "x86_64", "arm64": "aarch64"}[goarch]
}

// common is what both kinds of packages say.
func (p linuxProduct) common(r *release) nfpmConfig {
	about := "tells which messages to send again after a mail outage\n" +
		"Rimbalzo reads your mailbox without changing it and tells you, for each message\nand each recipient, whether to send it again, wait, ask, or do nothing because\n" +
		"it arrived. It knows the outages of Libero Mail and Virgilio Mail of 2023 and\nfinds others in your own mail.\n"
	if p.window {
		about += ".\nThis package has the window and the watcher with its tray icon."
	} else {
		about += ".\nThis package has the command line and the watcher without a window, for\nservers."
	}
	return nfpmConfig{
		Name: p.name, Arch: p.goarch, Platform: "linux", Version: r.Version, Release: packageRelease, Section: "mail",
		Maintainer: r.Maintainer + " <" + r.Email + ">", Vendor: r.Developer, Homepage: r.Website, Licence: r.Licence, Description: about, MTime: r.at,
	}
}

// debian adds what Debian's packages need. Both products hold the program under the same name, so that every instruction fits
// both; hence only one can be there. The one with the window does all that the other does and so provides it: whoever
// asks for either is served by it, and apt swaps them.
func (p linuxProduct) debian(r *release, c *nfpmConfig, needs depends) {
	cli, full := r.Slug()+"-cli", r.Slug()
	c.Depends = append(needs.deb, "ca-certificates")
	secrets := "gnome-keyring | libkf5wallet-bin | kwalletmanager | keepassxc"
	if p.window {
		c.Recommends = append(needs.debWanted, "default-dbus-session-bus | dbus-session-bus", secrets, "gnome-shell | notification-daemon", "xdg-utils")
		c.Provides, c.Conflicts, c.Replaces = []string{cli + " (= " + r.Version + "-" + packageRelease + ")"}, []string{cli}, []string{cli}
	} else {
		c.Suggests = []string{secrets}
		c.Conflicts, c.Replaces = []string{full}, []string{full}
	}
	c.Deb = map[string]any{"compression": "gzip"}
	c.Licence = "" // Debian has it in the file copyright, and no such field
}

// fedora adds what RPM packages need; dnf swaps the two with "dnf swap", since "Obsoletes" would swap them for those who never
// asked for a window.
func (p linuxProduct) fedora(r *release, c *nfpmConfig, needs depends) {
	cli, full := r.Slug()+"-cli", r.Slug()
	c.Depends = append(needs.rpm, "ca-certificates")
	if p.window {
		c.Recommends = append(needs.rpmWanted, "xdg-utils", "desktop-notification-daemon")
		c.Suggests = []string{"gnome-keyring"}
		c.Provides, c.Conflicts = []string{cli + " = " + r.Version + "-" + packageRelease}, []string{cli}
	} else {
		c.Conflicts = []string{full}
	}
	c.RPM = map[string]any{"summary": "Tells which messages to send again after a mail outage", "group": "Applications/Internet", "compression": "gzip", "buildhost": "localhost", "packager": c.Maintainer}
}

// changelog writes what is new for nfpm, which gives it the form of each kind, and gives the path.
func (p linuxProduct) changelog(r *release) (string, error) {
	type change struct {
		Note string `json:"note"`
	}
	entries := []any{map[string]any{
		"semver": r.Version + "-" + packageRelease, "date": r.at, "packager": r.Maintainer + " <" + r.Email + ">",
		"changes": []change{{"Release " + r.Version + ": see " + r.Website + "/releases"}},
		"deb":     map[string]any{"urgency": "medium", "distributions": []string{"unstable"}},
	}}
	text, err := json.Marshal(entries)
	if err != nil {
		return "", err
	}
	path := filepath.Join(r.work, "changelog.yaml")
	return path, os.WriteFile(path, text, 0o600)
}

// lintian adds Debian's overrides, each with its reason above it.
func (p linuxProduct) lintian(w *workshop, r *release, kind string, c *nfpmConfig) error {
	name := filepath.Join(w.root, "packaging", "linux", p.name+".lintian-overrides")
	if _, err := os.Stat(name); kind != "deb" || err != nil {
		return nil
	}
	c.Contents = append(c.Contents, nfpmContent{
		Src: name, Dst: "/usr/share/lintian/overrides/" + p.name,
		Info: nfpmFileInfo{Mode: 0o644, Owner: "root", Group: "root", MTime: r.at},
	})
	return nil
}
