package main

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"
)

// forTest is a release of a made-up commit, whose packages go to a folder of the test.
func forTest(t *testing.T) *release {
	t.Helper()
	id, err := readIdentity(project(t).root)
	if err != nil {
		t.Fatal(err)
	}
	return &release{identity: id, commit: "0123abc", at: time.Date(2026, 11, 22, 1, 2, 3, 0, time.UTC), dist: t.TempDir(), work: t.TempDir()}
}

// TestBill lists the components of a small program: the modules that the linker noted, with sums and licences.
func TestBill(t *testing.T) {
	r := forTest(t)
	programs := []*debug.BuildInfo{{GoVersion: "go1.26.0", Deps: []*debug.Module{
		{Path: "github.com/BurntSushi/toml", Version: "v1.6.0", Sum: "h1:" + base64.StdEncoding.EncodeToString(make([]byte, 32))},
		{Path: "app.invalid/locale", Version: "v0.0.0", Replace: &debug.Module{Path: "./app/locale"}},
		{Path: "old.example/x", Version: "v1.0.0", Replace: &debug.Module{Path: "new.example/x", Version: "v1.1.0+incompatible"}},
	}}}
	r.linked = []licensed{{module: "github.com/BurntSushi/toml", texts: []licenceText{{ids: []string{"MIT", "LicenseRef-Own"}}}}}
	write(t, r.dist, "some.deb", "content")
	text, err := r.bill("some.deb", programs)
	if err != nil {
		t.Fatal(err)
	}
	var b bill
	if err := json.Unmarshal(text, &b); err != nil {
		t.Fatal(err)
	}
	var refs []string
	for _, c := range b.Components {
		refs = append(refs, c.Purl)
	}
	want := []string{"pkg:golang/github.com/BurntSushi/toml@v1.6.0", "pkg:golang/new.example/x@v1.1.0+incompatible", "pkg:golang/std@1.26.0"}
	if !slices.Equal(refs, want) {
		t.Fatalf("listed %q, want %q", refs, want)
	}
	toml := b.Components[0]
	if len(toml.Hashes) != 1 || toml.Hashes[0].Content != strings.Repeat("0", 64) {
		t.Errorf("a component: %+v", toml)
	}
	if len(toml.Licences) != 2 || toml.Licences[0].Licence["name"] != "LicenseRef-Own" || toml.Licences[1].Licence["id"] != "MIT" {
		t.Errorf("its licences: %v", toml.Licences)
	}
	// echo -n content | sha256sum
	if sum := "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73"; b.Metadata.Component.Hashes[0].Content != sum {
		t.Errorf("the artifact's sum is %v", b.Metadata.Component.Hashes)
	}
	if form := regexp.MustCompile(`^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$`); !form.MatchString(b.Serial) {
		t.Errorf("the serial number is %s", b.Serial)
	}
	if b.Metadata.Timestamp != "2026-11-22T01:02:03Z" || len(b.Dependencies) != 1 || len(b.Dependencies[0].On) != len(b.Components) {
		t.Errorf("metadata %+v, dependencies %v", b.Metadata, b.Dependencies)
	}
	again, err := r.bill("some.deb", programs)
	if err != nil || string(again) != string(text) {
		t.Errorf("a second list is another: %v", err)
	}
}

// TestSums: the sums are those that sha256sum checks, and an old signature does not survive them.
func TestSums(t *testing.T) {
	w, r := project(t), forTest(t)
	w.host.env = func(string) string { return "" }
	write(t, r.dist, "b.deb", "content")
	write(t, r.dist, "a.deb", "")
	write(t, r.dist, "folder/c.deb", "")
	write(t, r.dist, sumsFile+".minisig", "of others")
	if err := sumUp(w, r); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(r.artifact(sumsFile))
	want := "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a.deb\n" +
		"ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73  b.deb\n"
	if err != nil || string(got) != want {
		t.Errorf("%v\n%s\nwant\n%s", err, got, want)
	}
	if _, err := os.Stat(r.artifact(sumsFile + ".minisig")); err == nil {
		t.Error("a signature of other sums is left")
	}
}

// TestWhichCommit: the time of what is packed is the commit's or the one that is given, and a change is told.
func TestWhichCommit(t *testing.T) {
	dir := repository(t)
	w := project(t)
	w.root = dir
	w.host.env = func(string) string { return "" }
	if _, _, err := lastCommit(w); err == nil {
		t.Error("a time although nothing was committed")
	}
	git := exec.Command("git", "-c", "user.name=x", "-c", "user.email=x@x.example", "commit", "-q", "-m", "x", "--date=2026-01-01T00:00:00Z")
	git.Dir, git.Env = dir, append(os.Environ(), "GIT_COMMITTER_DATE=2026-01-02T03:04:05Z")
	add := exec.Command("git", "-C", dir, "add", ".")
	for _, c := range []*exec.Cmd{add, git} {
		if said, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
	}
	hash, at, err := lastCommit(w)
	if err != nil || len(hash) != 40 || at.Format(time.RFC3339) != "2026-01-02T03:04:05Z" {
		t.Errorf("%s of %s, %v", hash, at, err)
	}
	write(t, dir, "room/file.go", "package changed\n")
	w.host.env = func(name string) string { return map[string]string{"SOURCE_DATE_EPOCH": "86400"}[name] }
	hash, at, err = lastCommit(w)
	if err != nil || !strings.HasSuffix(hash, "-dirty") || at.Format(time.RFC3339) != "1970-01-02T00:00:00Z" {
		t.Errorf("after a change: %s of %s, %v", hash, at, err)
	}
}

// TestWhatIsPacked: a system that nobody knows is refused before anything is built.
func TestWhatIsPacked(t *testing.T) {
	for _, args := range [][]string{nil, {"plan9"}, {"linux", "windows"}, {"--help"}} {
		if err := pack(project(t), args); err == nil || !strings.Contains(err.Error(), "linux") {
			t.Errorf("%q: %v", args, err)
		}
	}
}

// TestSignature signs sums with a key made on the spot; a signature that the public key does not fit is an error.
func TestSignature(t *testing.T) {
	if _, err := exec.LookPath("minisign"); err != nil {
		t.Skip("minisign is not installed here")
	}
	w, r := project(t), forTest(t)
	w.root = t.TempDir()
	write(t, w.root, "packaging/x", "")
	write(t, r.dist, "a.deb", "content")
	for _, pair := range []string{publicKey, "other.pub"} {
		if err := w.run(nil, "minisign", "-G", "-W", "-p", pair, "-s", pair+".secret"); err != nil {
			t.Fatal(err)
		}
	}
	host := w.host
	w.host.env = func(name string) string { return map[string]string{signingKey: publicKey + ".secret"}[name] }
	if err := sumUp(w, r); err != nil {
		t.Fatal(err)
	}
	signature, err := os.ReadFile(r.artifact(sumsFile + ".minisig"))
	if want := "trusted comment: Rimbalzo " + r.Version + ", commit " + r.commit; err != nil || !strings.Contains(string(signature), want) {
		t.Errorf("%v: %q is not in\n%s", err, want, signature)
	}
	w.host = host
	w.host.env = func(name string) string { return map[string]string{signingKey: "other.pub.secret"}[name] }
	if err := sumUp(w, r); err == nil {
		t.Error("signed with a key that nobody can check, and nothing was said")
	}
}
