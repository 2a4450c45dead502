package main

import (
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// billEnding is that of the list of components beside each artifact: CycloneDX 1.5 in JSON
// (https://cyclonedx.org/docs/1.5/json/).
//
// It is written here and not by cyclonedx-gomod because all that is to be said is in the program itself: the linker
// wrote down which modules it took, with their sums, and debug/buildinfo of the standard library reads it, from any
// system's program. A tool of its own would bring forty modules into what is trusted, to say the same.
const billEnding = ".cdx.json"

type (
	bill struct {
		Format       string          `json:"bomFormat"`
		Spec         string          `json:"specVersion"`
		Serial       string          `json:"serialNumber"`
		Version      int             `json:"version"`
		Metadata     billMetadata    `json:"metadata"`
		Components   []billComponent `json:"components"`
		Dependencies []billEdges     `json:"dependencies"`
	}
	billMetadata struct {
		Timestamp  string         `json:"timestamp"`
		Component  billComponent  `json:"component"`
		Properties []billProperty `json:"properties"`
	}
	billComponent struct {
		Type     string        `json:"type"`
		Ref      string        `json:"bom-ref"`
		Name     string        `json:"name"`
		Version  string        `json:"version"`
		Hashes   []billHash    `json:"hashes,omitempty"`
		Licences []billLicence `json:"licenses,omitempty"`
		Purl     string        `json:"purl"`
	}
	billHash struct {
		Alg     string `json:"alg"`
		Content string `json:"content"`
	}
	billLicence struct {
		Licence map[string]string `json:"license"`
	}
	billProperty struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	billEdges struct {
		Ref string   `json:"ref"`
		On  []string `json:"dependsOn"`
	}
)

// document writes the list of components beside an artifact that was packed from the programs at exes.
func (r *release) document(artifact string, exes ...string) error {
	var programs []*debug.BuildInfo
	for _, exe := range exes {
		info, err := buildinfo.ReadFile(exe)
		if err != nil {
			return fmt.Errorf("reading which modules are in %s: %w", artifact, err)
		}
		programs = append(programs, info)
	}
	text, err := r.bill(artifact, programs)
	if err != nil {
		return fmt.Errorf("listing the components of %s: %w", artifact, err)
	}
	if err := os.WriteFile(r.artifact(artifact+billEnding), text, 0o644); err != nil {
		return fmt.Errorf("writing the components of %s: %w", artifact, err)
	}
	return nil
}

// bill lists the modules of the programs that an artifact was packed from. The same artifact gives the same text.
func (r *release) bill(artifact string, programs []*debug.BuildInfo) ([]byte, error) {
	sum, err := sumOf(r.artifact(artifact))
	if err != nil {
		return nil, err
	}
	root := billComponent{
		Type: "application", Ref: "pkg:golang/" + r.Slug() + "@v" + r.Version, Name: artifact, Version: r.Version,
		Hashes: []billHash{{"SHA-256", sum}}, Licences: licencesOf(r.Licence), Purl: "pkg:golang/" + r.Slug() + "@v" + r.Version,
	}
	b := bill{
		Format: "CycloneDX", Spec: "1.5", Serial: serial(sum), Version: 1,
		Metadata: billMetadata{
			Timestamp: r.at.Format(time.RFC3339), Component: root,
			Properties: []billProperty{{"commit", r.commit}, {"homepage", r.Website}},
		},
	}
	found := map[string]billComponent{}
	for _, info := range programs {
		r.addModules(found, info)
	}
	edges := billEdges{Ref: root.Ref}
	for _, ref := range slices.Sorted(maps.Keys(found)) {
		b.Components = append(b.Components, found[ref])
		edges.On = append(edges.On, ref)
	}
	b.Dependencies = []billEdges{edges}
	text, err := json.MarshalIndent(b, "", "  ")
	return append(text, '\n'), err
}

// addModules adds a program's modules and its standard library. Modules of the project's own folder are part of it.
func (r *release) addModules(found map[string]billComponent, info *debug.BuildInfo) {
	add := func(path, version, sum string) {
		purl := "pkg:golang/" + path + "@" + url.PathEscape(version)
		c := billComponent{Type: "library", Ref: purl, Name: path, Version: version, Purl: purl}
		// The sum of go.sum, "h1:", is a SHA-256 in base64, of a list of files and theirs (golang.org/x/mod/sumdb/dirhash).
		if raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(sum, "h1:")); err == nil && len(raw) == sha256.Size {
			c.Hashes = []billHash{{"SHA-256", hex.EncodeToString(raw)}}
		}
		for _, l := range r.linked {
			if l.module == path {
				c.Licences = licencesOf(l.ids()...)
			}
		}
		found[purl] = c
	}
	add(standardLibrary, strings.TrimPrefix(info.GoVersion, "go"), "")
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		if !strings.HasPrefix(m.Path, "./") {
			add(m.Path, m.Version, m.Sum)
		}
	}
}

func licencesOf(ids ...string) []billLicence {
	var list []billLicence
	for _, id := range ids {
		key := "id"
		if strings.HasPrefix(id, "LicenseRef-") {
			key = "name" // not on SPDX's list
		}
		list = append(list, billLicence{map[string]string{key: id}})
	}
	return list
}

// serial makes a UUID of a sum (RFC 9562 section 5.8: version 8, made by a rule of one's own).
func serial(sum string) string {
	u := []byte(sum[:32])
	u[12], u[16] = '8', '8'
	return fmt.Sprintf("urn:uuid:%s-%s-%s-%s-%s", u[:8], u[8:12], u[12:16], u[16:20], u[20:])
}
