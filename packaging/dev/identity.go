package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// identityFile is the one place for what the program is called, by whom and in which version.
const identityFile = "FyneApp.toml"

// identity is what identityFile says.
type identity struct {
	Name, ID, Version string // Version is three numbers, as in 0.1.0
	Build             int    // counts releases, for systems that compare one number
	Website           string // without a slash at its end
	Icon              string // from the project's folder
	Developer         string
	Maintainer, Email string
	Licence           string // an SPDX id
	Copyright         string // years and holder
}

// readIdentity reads the identity of the project in root; a key that is missing is an error.
func readIdentity(root string) (identity, error) {
	text, err := os.ReadFile(filepath.Join(root, identityFile))
	if err != nil {
		return identity{}, fmt.Errorf("reading the program's identity: %w", err)
	}
	keys, err := flatTOML(string(text))
	if err != nil {
		return identity{}, fmt.Errorf("reading %s: %w", identityFile, err)
	}
	var id identity
	for key, to := range map[string]*string{
		"Website": &id.Website, "Details.Name": &id.Name, "Details.ID": &id.ID, "Details.Version": &id.Version, "Details.Icon": &id.Icon,
		"Owner.Developer": &id.Developer, "Owner.Maintainer": &id.Maintainer, "Owner.Email": &id.Email,
		"Owner.Licence": &id.Licence, "Owner.Copyright": &id.Copyright,
	} {
		if *to = keys[key]; *to == "" {
			return identity{}, fmt.Errorf("%s does not say %s", identityFile, key)
		}
	}
	if id.Build, err = strconv.Atoi(keys["Details.Build"]); err != nil {
		return identity{}, fmt.Errorf("%s: Details.Build: %w", identityFile, err)
	}
	id.Website = strings.TrimSuffix(id.Website, "/")
	return id, nil
}

// Slug is the name in lower case, for files and packages.
func (id identity) Slug() string { return strings.ToLower(id.Name) }

// tellIdentity is the command "identity": it prints one of the keys, for scripts.
func tellIdentity(w *workshop, args []string) error {
	id, err := readIdentity(w.root)
	if err != nil {
		return err
	}
	values := map[string]string{"name": id.Name, "id": id.ID, "version": id.Version, "website": id.Website}
	if len(args) != 1 || values[args[0]] == "" {
		return errors.New("which one? Say name, id, version or website")
	}
	_, err = fmt.Fprintln(w.out, values[args[0]])
	return err
}

// flatTOML reads the part of TOML that identityFile uses: tables, and keys whose value is a string on one line or a whole
// number. The keys of a table are given as "table.key". Anything else is an error, so that nothing is misread.
func flatTOML(text string) (map[string]string, error) {
	keys, table, number := map[string]string{}, "", 0
	for line := range strings.Lines(text) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if name, ok := strings.CutPrefix(line, "["); ok && strings.HasSuffix(name, "]") {
			table = strings.TrimSuffix(name, "]") + "."
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		key, value = table+strings.TrimSpace(key), strings.TrimSpace(value)
		if _, twice := keys[key]; !ok || twice {
			return nil, fmt.Errorf("line %d: no key with a value of its own", number)
		}
		if _, err := strconv.Atoi(value); err != nil {
			// Go's quoted strings and TOML's basic strings agree in all that is used here.
			if value, err = strconv.Unquote(value); err != nil {
				return nil, fmt.Errorf("line %d: neither a string on one line nor a number: %w", number, err)
			}
		}
		keys[key] = value
	}
	return keys, nil
}
