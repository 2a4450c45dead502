package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// distFolder is where packages are put, from the project's folder.
const distFolder = "dist"

// system is one for which packages are made.
type system struct {
	name, makes string
	// needs gives what has to be on this machine to make them.
	needs func(goos string) []need
	// absent gives the reason why they cannot be made here at all, "" when they can.
	absent func(*workshop) string
	pack   func(*workshop, *release) error
}

// systems is the table of them, in the order in which they are made.
func systems() []system {
	return []system{
		{name: "linux", makes: ".deb, .rpm and .tar.gz, with the window and without", needs: linuxNeeds, absent: onlyOnLinux, pack: packLinux},
		{name: "windows", makes: "an installer and a .zip, with the window; the manifest for winget", needs: windowsNeeds, absent: onlyAcross, pack: packWindows},
		{name: "macos", makes: "an application for both processors in a disk image; the recipe for Homebrew", needs: windowNeeds, absent: onlyOnMac, pack: packMacOS},
	}
}

// release is what is being packed: one commit, under one identity.
type release struct {
	identity
	commit string    // its hash, with "-dirty" where files that git knows were changed
	at     time.Time // when it was committed, in UTC: the time stamp of all that is packed
	dist   string
	work   string // a folder that goes away afterwards
	linked []licensed
}

// pack is the command "package": packages for the systems named in args, or for all that can be made here. "sums" makes the
// sums of what lies in dist anew, for a release whose packages come from several machines.
func pack(w *workshop, args []string) error {
	all := systems()
	if len(args) != 1 || args[0] != "all" && args[0] != "sums" && !slices.ContainsFunc(all, func(s system) bool { return s.name == args[0] }) {
		return fmt.Errorf("package what? One of: %s, all, sums", systemNames(all))
	}
	r, err := newRelease(w)
	if err != nil {
		return err
	}
	defer os.RemoveAll(r.work)
	for _, s := range all {
		if args[0] != "all" && args[0] != s.name {
			continue
		}
		if why := s.absent(w); why != "" {
			if args[0] == s.name {
				return fmt.Errorf("%s: %s", s.name, why)
			}
			fmt.Fprintf(w.out, "\n== %s is left out: %s\n", s.name, why)
			continue
		}
		_ = w.do(s.name, func() error {
			fmt.Fprintln(w.out, s.makes)
			if err := w.ensure(s.needs(w.host.goos)); err != nil {
				return err
			}
			return s.pack(w, r)
		})
	}
	_ = w.do("sums", func() error { return sumUp(w, r) })
	return w.sum()
}

func systemNames(all []system) string {
	var names []string
	for _, s := range all {
		names = append(names, s.name)
	}
	return strings.Join(names, ", ")
}

// newRelease finds out what is packed, and clears nothing: dist may hold what other systems made.
func newRelease(w *workshop) (*release, error) {
	id, err := readIdentity(w.root)
	if err != nil {
		return nil, err
	}
	r := &release{identity: id, dist: filepath.Join(w.root, distFolder)}
	if r.commit, r.at, err = lastCommit(w); err != nil {
		return nil, err
	}
	if r.linked, err = linkedLicences(w); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(r.dist, 0o755); err != nil {
		return nil, fmt.Errorf("making the folder for packages: %w", err)
	}
	if r.work, err = os.MkdirTemp("", "rimbalzo-package-"); err != nil {
		return nil, fmt.Errorf("making a folder to pack in: %w", err)
	}
	fmt.Fprintf(w.out, "%s %s, commit %s of %s\n", r.Name, r.Version, r.commit, r.at.Format(time.RFC3339))
	return r, nil
}

// lastCommit gives the hash and the time of the last commit; SOURCE_DATE_EPOCH, in seconds, stands for the time where somebody
// sets it (https://reproducible-builds.org/specs/source-date-epoch/), and for both where the sources lie in no git checkout.
func lastCommit(w *workshop) (hash string, at time.Time, err error) {
	said, err := w.read(nil, "git", "log", "-1", "--format=%H %ct")
	hash, stamp, _ := strings.Cut(strings.TrimSpace(said), " ")
	if epoch := w.host.env("SOURCE_DATE_EPOCH"); epoch != "" {
		if err != nil {
			hash = "unknown"
		}
		stamp, err = epoch, nil
	}
	if err != nil {
		return "", at, fmt.Errorf("asking git which commit this is; without git, set SOURCE_DATE_EPOCH: %w", err)
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return "", at, fmt.Errorf("reading the time of the commit: %w", err)
	}
	changed, err := w.read(nil, "git", "status", "--porcelain", "--untracked-files=no")
	if err == nil && strings.TrimSpace(changed) != "" {
		fmt.Fprintln(w.err, "There are changes that are not committed: these packages are not those of a commit.")
		hash += "-dirty"
	}
	return hash, time.Unix(seconds, 0).UTC(), nil
}

// artifact is the path of something that is given away.
func (r *release) artifact(name string) string { return filepath.Join(r.dist, name) }
