package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// winresModule writes icon, version and manifest in the form that the linker takes. It is built outside the module.
const winresModule = "github.com/tc-hib/go-winres@v0.3.3"

// signingFile and signingPassword name the variables with the certificate that Windows' programs are signed with: a file in
// PKCS #12, and a file with its password. Nothing is signed without them.
const (
	signingFile     = "RIMBALZO_WINDOWS_CERTIFICATE"
	signingPassword = "RIMBALZO_WINDOWS_CERTIFICATE_PASSWORD_FILE"
	// stampingServer names the variable with the address of who stamps the time on a signature, so that it outlives the certificate.
	stampingServer = "RIMBALZO_WINDOWS_TIMESTAMP"
)

func windowsNeeds(string) []need { return []need{mingwNeed, nsisNeed} }

func onlyAcross(w *workshop) string {
	if w.host.goos != "linux" {
		return "they are built across, on Linux, so that everybody gets the same bytes"
	}
	return ""
}

// packWindows makes the two programs of one source, the installer, the archive for those who install nothing, and the
// manifest for winget.
func packWindows(w *workshop, r *release) error {
	dir := filepath.Join(r.work, "windows")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("making a folder for Windows: %w", err)
	}
	exes, err := windowsPrograms(w, r, dir)
	if err != nil {
		return err
	}
	if err := windowsFiles(w, r, dir); err != nil {
		return err
	}
	setup := fmt.Sprintf("%s-%s-windows-amd64-setup.exe", r.Slug(), r.Version)
	if err := installer(w, r, dir, setup); err != nil {
		return err
	}
	archive := fmt.Sprintf("%s-%s-windows-amd64.zip", r.Slug(), r.Version)
	if err := zipFolder(r, dir, archive); err != nil {
		return err
	}
	for _, artifact := range []string{setup, archive} {
		if err := r.document(artifact, exes...); err != nil {
			return err
		}
	}
	return winget(w, r, setup)
}

// windowsPrograms builds rimbalzo.exe, the window and the watcher, which has no console, and rimbalzo.com, which has one: the
// same source, linked for two subsystems. A typed "rimbalzo" finds the second, because .com comes first in PATHEXT.
func windowsPrograms(w *workshop, r *release, dir string) ([]string, error) {
	var exes []string
	for name, ldflags := range map[string]string{"rimbalzo.exe": "-H=windowsgui", "rimbalzo.com": ""} {
		resources, err := windowsResources(w, r, name)
		if err != nil {
			return nil, err
		}
		b := build{
			goos: "windows", goarch: "amd64", window: true, env: []string{"CC=x86_64-w64-mingw32-gcc", "CXX=x86_64-w64-mingw32-g++"},
			// The go command would take the resources out of ./app only, where nothing generated belongs: C's linker takes them from anywhere.
			ldflags: joinWords(ldflags, "-extldflags="+resources), tags: "accessibility",
		}
		made, err := w.compile(r, b, filepath.Join("windows", name))
		if err != nil {
			return nil, err
		}
		if err := signWindows(w, r, made); err != nil {
			return nil, err
		}
		exes = append(exes, filepath.Join(dir, name))
	}
	return exes, nil
}

// windowsResources makes icon, version and manifest of a program, and gives the object file that the linker takes.
func windowsResources(w *workshop, r *release, name string) (object string, err error) {
	dir := filepath.Join(r.work, "resources-"+name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("making a folder for resources: %w", err)
	}
	for _, drawing := range windowsIcons {
		data, err := os.ReadFile(filepath.Join(w.root, "icons", drawing))
		if err != nil {
			return "", fmt.Errorf("reading an icon: %w", err)
		}
		if err := os.WriteFile(filepath.Join(dir, drawing), data, 0o600); err != nil {
			return "", fmt.Errorf("writing the resources: %w", err)
		}
	}
	config, err := json.Marshal(r.winres(name))
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(dir, "winres.json"), config, 0o600); err != nil {
		return "", fmt.Errorf("writing the resources: %w", err)
	}
	made := filepath.Join(dir, "rsrc")
	err = w.run([]string{"GOFLAGS=", "GOOS=", "GOARCH="}, "go", "run", winresModule, "make", "--arch", "amd64", "--in", filepath.Join(dir, "winres.json"), "--out", made)
	if err != nil {
		return "", err
	}
	return made + "_windows_amd64.syso", nil
}

// windowsIcons are the sizes in which Windows shows a program at the common scales.
var windowsIcons = []string{
	"rimbalzo-16.png", "rimbalzo-24.png", "rimbalzo-32.png", "rimbalzo-48.png", "rimbalzo-64.png", "rimbalzo-128.png", "rimbalzo-256.png",
}

// winres is what go-winres makes resources of: the icon, a manifest that says which Windows the program knows and how it
// draws and names files, and the version that Explorer shows (learn.microsoft.com, "Application manifests", "VERSIONINFO").
func (r *release) winres(name string) map[string]any {
	version := r.Version + "." + fmt.Sprint(r.Build)
	return map[string]any{
		"RT_GROUP_ICON": map[string]any{"APP": map[string]any{"0000": windowsIcons}},
		"RT_MANIFEST": map[string]any{"#1": map[string]any{"0409": map[string]any{
			"identity": map[string]any{"name": r.ID, "version": version}, "description": r.Name, "minimum-os": "win10",
			"execution-level": "as invoker", "dpi-awareness": "per monitor v2", "long-path-aware": true, "use-common-controls-v6": true,
		}}},
		"RT_VERSION": map[string]any{"#1": map[string]any{"0000": map[string]any{
			"fixed": map[string]any{"file_version": version, "product_version": version},
			"info": map[string]any{"0409": map[string]any{
				"ProductName": r.Name, "ProductVersion": r.Version, "FileDescription": r.Name, "FileVersion": r.Version,
				"CompanyName": r.Developer, "LegalCopyright": "Copyright " + r.Copyright, "InternalName": r.Slug(), "OriginalFilename": name,
			}},
		}}},
	}
}

// windowsFiles lays what is installed beside the programs.
func windowsFiles(w *workshop, r *release, dir string) error {
	packed, err := os.Open(filepath.Join(w.root, filepath.FromSlash(licencesFile)))
	if err != nil {
		return fmt.Errorf("reading the licences: %w", err)
	}
	defer packed.Close()
	z, err := gzip.NewReader(packed)
	if err != nil {
		return fmt.Errorf("reading the licences: %w", err)
	}
	licences, err := io.ReadAll(z)
	if err != nil {
		return fmt.Errorf("reading the licences: %w", err)
	}
	files := map[string]string{"LICENSE.txt": "LICENSE", "rimbalzo.ico": "icons/rimbalzo.ico", "rimbalzo.png": "icons/rimbalzo-256.png"}
	failed := []error{os.WriteFile(filepath.Join(dir, "LICENCES.txt"), crlf(licences), 0o644)}
	for to, from := range files {
		data, err := os.ReadFile(filepath.Join(w.root, filepath.FromSlash(from)))
		if strings.HasSuffix(to, ".txt") {
			data = crlf(data)
		}
		failed = append(failed, err, os.WriteFile(filepath.Join(dir, to), data, 0o644))
	}
	return errors.Join(failed...)
}

// crlf ends lines as older programs of Windows want them.
func crlf(text []byte) []byte {
	return bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
}

// installer makes the installer for one person.
func installer(w *workshop, r *release, dir, setup string) error {
	out := r.artifact(setup)
	args := []string{"-V2", "-NOCD", "-INPUTCHARSET", "UTF8"}
	for name, value := range map[string]string{
		"NAME": r.Name, "ID": r.ID, "VERSION": r.Version, "PUBLISHER": r.Developer, "COPYRIGHT": "Copyright " + r.Copyright, "WEBSITE": r.Website,
		"SOURCE": dir, "OUTPUT": out,
	} {
		args = append(args, "-D"+name+"="+value)
	}
	args = append(args, filepath.Join("packaging", "windows", "rimbalzo.nsi"))
	if err := w.run([]string{fmt.Sprint("SOURCE_DATE_EPOCH=", r.at.Unix())}, "makensis", args...); err != nil {
		return err
	}
	return signWindows(w, r, out)
}

// signWindows signs a program in place, where there is a certificate to sign with.
func signWindows(w *workshop, r *release, path string) error {
	certificate := w.host.env(signingFile)
	if certificate == "" {
		fmt.Fprintf(w.out, "%s is not signed: %s names no certificate.\n", filepath.Base(path), signingFile)
		return nil
	}
	if err := w.ensure([]need{osslsigncodeNeed}); err != nil {
		return err
	}
	args := []string{"sign", "-pkcs12", certificate, "-h", "sha256", "-n", r.Name, "-i", r.Website}
	if file := w.host.env(signingPassword); file != "" {
		args = append(args, "-readpass", file)
	}
	if server := w.host.env(stampingServer); server != "" {
		args = append(args, "-ts", server)
	}
	signed := path + ".signed"
	if err := w.run(nil, "osslsigncode", append(args, "-in", path, "-out", signed)...); err != nil {
		return err
	}
	return os.Rename(signed, path)
}

// zipFolder packs what is installed, for those who install nothing.
func zipFolder(r *release, dir, archive string) error {
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	entries, err := os.ReadDir(dir) // sorted by name
	if err != nil {
		return fmt.Errorf("packing %s: %w", archive, err)
	}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return fmt.Errorf("packing %s: %w", archive, err)
		}
		to, err := z.CreateHeader(&zip.FileHeader{Name: r.Name + "/" + e.Name(), Method: zip.Deflate, Modified: r.at})
		if err == nil {
			_, err = to.Write(data)
		}
		if err != nil {
			return fmt.Errorf("packing %s: %w", archive, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("packing %s: %w", archive, err)
	}
	return os.WriteFile(r.artifact(archive), packed.Bytes(), 0o644)
}

// winget writes the manifest to be handed in at github.com/microsoft/winget-pkgs, in the folder that its name asks for.
func winget(w *workshop, r *release, setup string) error {
	sum, err := sumOf(r.artifact(setup))
	if err != nil {
		return err
	}
	dir := filepath.Join(r.dist, "winget", r.Version)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("making the folder for winget: %w", err)
	}
	for part, name := range map[string]string{"version": "", "installer": ".installer", "en-US": ".locale.en-US", "it-IT": ".locale.it-IT"} {
		text, err := w.fill("packaging/windows/winget/"+part+".yaml", struct {
			identity
			Slug, Date, Setup, Sum string
		}{r.identity, r.Slug(), r.at.Format("2006-01-02"), setup, strings.ToUpper(sum)})
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, r.ID+name+".yaml"), text, 0o644); err != nil {
			return fmt.Errorf("writing the manifest for winget: %w", err)
		}
	}
	return nil
}
