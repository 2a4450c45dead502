package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// moduleSource is one file that flatpak-builder fetches before it builds without a network
// (https://docs.flatpak.org/en/latest/module-sources.html).
type moduleSource struct {
	Type string `json:"type"`
	URL  string `json:"url"`
	Sum  string `json:"sha256"`
	Dest string `json:"dest"`
	Name string `json:"dest-filename"`
}

// moduleProxy is where this machine's go command fetches modules; whoever hands the manifest in packs with Go's own setting.
func moduleProxy(w *workshop) (string, error) {
	said, err := w.read(nil, "go", "env", "GOPROXY")
	if err != nil {
		return "", err
	}
	for _, address := range strings.FieldsFunc(strings.TrimSpace(said), func(r rune) bool { return r == ',' || r == '|' }) {
		if strings.HasPrefix(address, "https://") {
			return strings.TrimSuffix(address, "/") + "/", nil
		}
	}
	return "", fmt.Errorf("listing the modules for Flatpak: GOPROXY is %q, which names no server", strings.TrimSpace(said))
}

// flatpak writes the manifest and the list of Go modules that it names. They are no artifacts by themselves: who builds the
// Flatpak takes them.
func flatpak(w *workshop, r *release) error {
	manifest, err := w.filled(r, "packaging/linux/flatpak.yml")
	if err != nil {
		return err
	}
	modules, err := moduleSources(w)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(modules, "", " ")
	if err != nil {
		return err
	}
	err = errors.Join(
		os.WriteFile(r.artifact(r.ID+".yml"), manifest, 0o644),
		os.WriteFile(r.artifact(r.ID+".modules.json"), append(text, '\n'), 0o644),
	)
	if err != nil {
		return fmt.Errorf("writing what a Flatpak is made of: %w", err)
	}
	return nil
}

// moduleSources lists the files of all modules that go.mod names, laid out as a proxy of modules has them
// (https://go.dev/ref/mod#goproxy-protocol). The cache of this machine, which go.sum vouches for, has the same layout.
func moduleSources(w *workshop) ([]moduleSource, error) {
	said, err := w.read([]string{"GOFLAGS=-mod=mod"}, "go", "mod", "download", "-json")
	if err != nil {
		return nil, fmt.Errorf("fetching the modules: %w", err)
	}
	cache, err := w.read(nil, "go", "env", "GOMODCACHE")
	if err != nil {
		return nil, err
	}
	proxy, err := moduleProxy(w)
	if err != nil {
		return nil, err
	}
	root := filepath.Join(strings.TrimSpace(cache), "cache", "download")
	var all []moduleSource
	for d := json.NewDecoder(strings.NewReader(said)); ; {
		var m struct{ Path, GoMod, Zip string }
		if err := d.Decode(&m); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("reading where the modules are: %w", err)
		}
		for _, file := range []string{m.GoMod, m.Zip} {
			name, err := filepath.Rel(root, file)
			if err != nil || !filepath.IsLocal(name) {
				return nil, fmt.Errorf("%s is not in the cache of modules, but at %q", m.Path, file)
			}
			sum, err := sumOf(file)
			if err != nil {
				return nil, err
			}
			name = filepath.ToSlash(name)
			all = append(all, moduleSource{Type: "file", URL: proxy + name, Sum: sum, Dest: "goproxy/" + path.Dir(name), Name: path.Base(name)})
		}
	}
}
