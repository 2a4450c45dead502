package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// sumsFile holds the SHA-256 sum of each artifact, as sha256sum writes and checks them.
const sumsFile = "SHA256SUMS"

// signingKey names the variable with the path of the secret key of minisign; nothing is signed without it.
const signingKey = "RIMBALZO_MINISIGN_KEY"

// publicKey is where the owner puts the key that signatures are checked with.
const publicKey = "packaging/minisign.pub"

// sumUp writes the sums of all that lies in dist and, where the key is at hand, signs them: one signature for everything.
func sumUp(w *workshop, r *release) error {
	sums, err := sumsOf(r.dist)
	if err != nil {
		return err
	}
	path := r.artifact(sumsFile)
	if err := os.WriteFile(path, []byte(sums), 0o644); err != nil {
		return fmt.Errorf("writing the sums: %w", err)
	}
	fmt.Fprint(w.out, sums)
	// A signature of other sums is worse than none.
	if err := os.Remove(path + ".minisig"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("removing the old signature: %w", err)
	}
	key := w.host.env(signingKey)
	if key == "" {
		fmt.Fprintf(w.out, "Not signed: %s names no key.\n", signingKey)
		return nil
	}
	return sign(w, r, path, key)
}

// sign signs the sums and checks the signature with the public key, so that a wrong key is noticed before others do.
func sign(w *workshop, r *release, path, key string) error {
	if err := w.ensure([]need{minisignNeed}); err != nil {
		return err
	}
	// Of the two comments the trusted one is signed as well, and shown to whoever checks.
	comment := fmt.Sprintf("%s %s, commit %s", r.Name, r.Version, r.commit)
	if err := w.run(nil, "minisign", "-S", "-s", key, "-m", path, "-c", r.Name+" "+r.Version, "-t", comment); err != nil {
		return err
	}
	return w.run(nil, "minisign", "-V", "-p", filepath.FromSlash(publicKey), "-m", path)
}

// sumsOf gives a line for each file of a folder, sorted by name; folders, the sums and their signature do not count.
func sumsOf(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", fmt.Errorf("looking for what is to be summed up: %w", err)
	}
	var lines []string
	for _, e := range entries {
		if !e.Type().IsRegular() || strings.HasPrefix(e.Name(), sumsFile) {
			continue
		}
		sum, err := sumOf(filepath.Join(dir, e.Name()))
		if err != nil {
			return "", err
		}
		lines = append(lines, sum+"  "+e.Name()+"\n")
	}
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(a[64:], b[64:]) })
	return strings.Join(lines, ""), nil
}

// sumOf gives the SHA-256 sum of a file in hexadecimal.
func sumOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("summing up %s: %w", filepath.Base(path), err)
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", fmt.Errorf("summing up %s: %w", filepath.Base(path), err)
	}
	return fmt.Sprintf("%x", sum.Sum(nil)), nil
}
