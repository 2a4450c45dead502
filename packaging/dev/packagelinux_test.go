package main

import (
	"bytes"
	"compress/gzip"
	"debug/elf"
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestLibrariesOfTheToolkit reads in GLFW's sources which libraries it loads when it runs: each of them is in our table, and the
// table names no other.
func TestLibrariesOfTheToolkit(t *testing.T) {
	w := project(t)
	dir, err := w.read([]string{"GOFLAGS=-mod=mod"}, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/go-gl/glfw/v3.4/glfw")
	if err != nil || strings.TrimSpace(dir) == "" {
		t.Skipf("GLFW's sources are not on this machine: %v", err)
	}
	sources, err := filepath.Glob(filepath.Join(strings.TrimSpace(dir), "glfw", "src", "*.c"))
	if err != nil || len(sources) == 0 {
		t.Fatalf("GLFW's sources are not where they were: %v", err)
	}
	found := map[string]bool{}
	for _, name := range sources {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`"(lib[\w-]+\.so\.\d+)"`).FindAllStringSubmatch(string(text), -1) {
			found[m[1]] = true
		}
	}
	if len(found) < 10 {
		t.Fatalf("only %d libraries were found", len(found))
	}
	for soname := range found {
		if !strings.Contains(soname, "OSMesa") && !slices.ContainsFunc(libraries, func(l library) bool { return l.soname == soname }) {
			t.Errorf("GLFW loads %s, which no package names", soname)
		}
	}
	for _, l := range libraries {
		// These are linked by Go's packages of OpenGL.
		if !found[l.soname] {
			t.Errorf("GLFW does not load %s any more", l.soname)
		}
	}
}

// TestWhatAProgramNeeds: what is linked and what is loaded later, in the words of both kinds of packages.
func TestWhatAProgramNeeds(t *testing.T) {
	d, err := dependsOn([]string{"libGL.so.1", "libc.so.6", "libGLESv2.so.2", "ld-linux-x86-64.so.2"}, "2.34")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"libc6 (>= 2.34)", "libx11-6", "libgl1", "libxkbcommon0", "libgles2"} {
		if !slices.Contains(d.deb, want) {
			t.Errorf("the .deb does not name %s: %q", want, d.deb)
		}
	}
	for _, want := range []string{"libc.so.6(GLIBC_2.34)(64bit)", "libX11.so.6()(64bit)"} {
		if !slices.Contains(d.rpm, want) {
			t.Errorf("the .rpm does not name %s: %q", want, d.rpm)
		}
	}
	if slices.Contains(d.deb, "libvulkan1") || !slices.Equal(d.debWanted, []string{"libdecor-0-0"}) {
		t.Errorf("needed %q, wanted %q", d.deb, d.debWanted)
	}
	if _, err := dependsOn([]string{"libssl.so.3"}, "2.34"); err == nil || !strings.Contains(err.Error(), "libssl.so.3") {
		t.Errorf("a library of an unknown package: %v", err)
	}
	var symbols []elf.Symbol
	for _, v := range []string{"GLIBC_2.2.5", "GLIBC_2.34", "GLIBC_2.9", "GLIBC_PRIVATE", "OTHER_9.9", ""} {
		symbols = append(symbols, elf.Symbol{Version: v})
	}
	if got := newestGlibc(symbols); got != "2.34" {
		t.Errorf("the newest version of the C library is %s", got)
	}
}

// described is what a test reads of the description for software centres.
type described struct {
	ID       string `xml:"id"`
	Licence  string `xml:"project_license"`
	Name     string `xml:"name"`
	Launch   string `xml:"launchable"`
	Binary   string `xml:"provides>binary"`
	Releases []struct {
		Version string `xml:"version,attr"`
		Date    string `xml:"date,attr"`
	} `xml:"releases>release"`
	URLs []struct {
		Type string `xml:"type,attr"`
		URL  string `xml:",chardata"`
	} `xml:"url"`
	Pictures []string `xml:"screenshots>screenshot>image"`
}

// TestTheFilesAgree: the description for software centres and the desktop entry tell of the same program as FyneApp.toml, and
// every sentence in them is there in Italian too.
func TestTheFilesAgree(t *testing.T) {
	w, r := project(t), forTest(t)
	text, err := w.filled(r, "packaging/linux/metainfo.xml")
	if err != nil {
		t.Fatal(err)
	}
	var d described
	if err := xml.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	if d.ID != r.ID || d.Licence != r.Licence || d.Name != r.Name || d.Launch != r.ID+".desktop" || d.Binary != r.Slug() {
		t.Errorf("the description tells of %+v", d)
	}
	if len(d.Releases) == 0 || d.Releases[0].Version != r.Version || d.Releases[0].Date != "2026-11-22" {
		t.Errorf("the newest release is not %s of the commit's day: %v", r.Version, d.Releases)
	}
	for _, u := range d.URLs {
		if !strings.HasPrefix(u.URL, r.Website) {
			t.Errorf("the address of %s is elsewhere: %s", u.Type, u.URL)
		}
	}
	if len(d.Pictures) == 0 || !strings.HasPrefix(d.Pictures[0], r.Website+"/raw/v"+r.Version+"/") {
		t.Errorf("the pictures: %q", d.Pictures)
	}
	if here, there := sentences(t, text); here == 0 || here != there {
		t.Errorf("%d sentences in English, %d in Italian", here, there)
	}
	entry, err := w.filled(r, "packaging/linux/rimbalzo.desktop")
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"GenericName", "Comment", "Keywords"} {
		if !strings.Contains(string(entry), "\n"+key+"=") || !strings.Contains(string(entry), "\n"+key+"[it]=") {
			t.Errorf("the desktop entry does not say %s in both languages", key)
		}
	}
	for _, line := range []string{"Name=" + r.Name, "Exec=" + r.Slug(), "Icon=" + r.ID} {
		if !strings.Contains(string(entry), "\n"+line+"\n") {
			t.Errorf("%q is not in the desktop entry", line)
		}
	}
}

// sentences counts the elements that are read by people, without a language and in Italian.
func sentences(t *testing.T, text []byte) (plain, italian int) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(string(text))); ; {
		token, err := d.Token()
		if err == io.EOF {
			return plain, italian
		}
		if err != nil {
			t.Fatal(err)
		}
		e, ok := token.(xml.StartElement)
		if !ok || !slices.Contains([]string{"summary", "p", "li", "caption"}, e.Name.Local) {
			continue
		}
		if slices.ContainsFunc(e.Attr, func(a xml.Attr) bool { return a.Name.Local == "lang" && a.Value == "it" }) {
			italian++
		} else {
			plain++
		}
	}
}

// TestIconsAreThere: each drawing that packages install exists.
func TestIconsAreThere(t *testing.T) {
	w := project(t)
	files := iconFiles("x")
	if len(files) < 14 {
		t.Errorf("only %d sizes", len(files))
	}
	for name, from := range files {
		if _, err := os.Stat(filepath.Join(w.root, "icons", from)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestTarballIsTheSame: the order of files, the clock and the folder leave no trace.
func TestTarballIsTheSame(t *testing.T) {
	r := forTest(t)
	one := tree{{"bin/x", []byte("program"), 0o755}, {"share/a", []byte("a"), 0o644}}
	two := tree{one[1], one[0]}
	two.sort()
	first, err := one.tarball("top", r.at)
	if err != nil {
		t.Fatal(err)
	}
	second, err := two.tarball("top", r.at)
	if err != nil || string(first) != string(second) {
		t.Errorf("two archives of the same files differ: %v", err)
	}
	later, err := one.tarball("top", r.at.AddDate(0, 0, 1))
	if err != nil || string(first) == string(later) {
		t.Errorf("the time of the commit is not in the archive: %v", err)
	}
}

// TestZipped: what is packed can be unpacked, and says nothing of when.
func TestZipped(t *testing.T) {
	packed, err := zipped([]byte("a page"), nil)
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil || string(text) != "a page" || !z.ModTime.IsZero() || z.Name != "" {
		t.Errorf("%q, %v, %+v", text, err, z.Header)
	}
}

// TestDifferences: a file whose bytes differ, and one that only one build has, are named.
func TestDifferences(t *testing.T) {
	for name, tc := range map[string]struct{ one, two, want string }{
		"the same":    {"aa  x\nbb  y\n", "bb  y\naa  x\n", ""},
		"other bytes": {"aa  x\nbb  y\n", "aa  x\ncc  y\n", "y is not the same"},
		"one more":    {"aa  x\n", "aa  x\nbb  y\n", "y is not the same"},
		"nothing":     {"", "", "nothing was built"},
	} {
		t.Run(name, func(t *testing.T) {
			err := differences(tc.one, tc.two)
			if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%v, want %q", err, tc.want)
			}
		})
	}
}
