package settings

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"github.com/BurntSushi/toml"
)

// head is the file's beginning, for whoever opens it.
const head = "# What you chose for Rimbalzo: in its window, with “rimbalzo settings”, or here.\n"

// Save keeps the settings in a data folder, for their owner alone. Whoever reads, and whoever comes after a crash, finds the
// old file or the new one, whole. A file with something wrong in it is set aside first, so that nothing somebody wrote is
// lost; the tables of other rooms stay in any case. Settings that break a rule are an *[InvalidError].
func Save(data string, s Settings) error {
	if key, rule, args := s.fault(); rule != "" {
		return &InvalidError{key, Problem{0, rule, args}}
	}
	if err := os.MkdirAll(data, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	path := filepath.Join(data, name)
	old, err := readFile(path)
	_, wrong := parse(old)
	_, others := split(old)
	if len(old) > maxFile {
		others = "" // half of it was read
	}
	if err != nil || len(wrong) > 0 {
		if err := setAside(path); err != nil {
			return fmt.Errorf("set the old settings aside: %w", err)
		}
	}
	text, err := s.encode(others)
	if err == nil {
		err = replace(path, text)
	}
	if err != nil {
		return fmt.Errorf("write the settings: %w", err)
	}
	return nil
}

// encode gives the file's text: only what somebody chose, and the tables of others.
func (s Settings) encode(others string) ([]byte, error) {
	file := struct {
		Version  int      `toml:"version"`
		Language string   `toml:"language,omitempty"`
		Theme    string   `toml:"theme,omitempty"`
		Scale    int      `toml:"scale,omitzero"`
		Quiet    []string `toml:"quiet,omitempty"`
		Mute     []string `toml:"mute,omitempty"`
	}{Version: formVersion, Language: s.Language, Theme: s.Theme, Scale: s.Scale, Mute: s.Mute}
	if s.Quiet != (Hours{}) {
		file.Quiet = []string{s.Quiet.From, s.Quiet.To}
	}
	var text bytes.Buffer
	text.WriteString(head)
	enc := toml.NewEncoder(&text)
	enc.Indent = ""
	if err := enc.Encode(file); err != nil {
		return nil, err
	}
	if others != "" {
		text.WriteString("\n" + others)
	}
	return text.Bytes(), nil
}

// mostAside is how many faulty files are kept; after that the last one makes room.
const mostAside = 9

// setAside gives what lies in the file's place another name.
func setAside(path string) error {
	to := ""
	for i := range mostAside {
		to = path + ".old"
		if i > 0 {
			to += strconv.Itoa(i + 1)
		}
		if _, err := os.Lstat(to); errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return os.Rename(path, to)
}

// replace writes a file beside its place and moves it there when it is on the disk. Its errors name the file that the person
// knows.
func replace(path string, text []byte) error {
	err := replaceBeside(path, text)
	var file *fs.PathError
	if errors.As(err, &file) {
		return &fs.PathError{Op: "write", Path: path, Err: file.Err}
	}
	return err
}

func replaceBeside(path string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".settings-*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return rename(f.Name(), path)
}

// rename moves a file over another. Windows refuses while somebody reads the other one, which takes a moment.
func rename(from, to string) error {
	var err error
	for range 20 {
		if err = os.Rename(from, to); err == nil || runtime.GOOS != "windows" {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
	return err
}
