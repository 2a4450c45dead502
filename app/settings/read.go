package settings

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
)

// name is the file in the data folder; formVersion that of its form. The file has two parts: the lines up to the first table
// are this room's. The tables belong to other rooms (internal/account/oauth reads two), are written by hand, may hold
// secrets, and stay as they are.
const (
	name        = "settings.toml"
	formVersion = 1
)

// Bounds of the file: it is a dozen lines.
const (
	maxFile     = 64 << 10
	maxProblems = 10
)

// ErrNotRegular means that what lies in the file's place is no file.
var ErrNotRegular = errors.New("not a regular file")

// Load reads the settings of a data folder; where nothing was chosen yet they are the zero value. Where something is wrong
// in the file the error is a *[FileError], and what could be read is given all the same.
func Load(data string) (Settings, error) {
	path := filepath.Join(data, name)
	text, err := readFile(path)
	if err != nil || text == nil {
		return Settings{}, err
	}
	s, wrong := parse(text)
	if len(wrong) > 0 {
		return s, &FileError{path, wrong}
	}
	return s, nil
}

// readFile gives the file's bytes, nil where it is not there, and one more than allowed where it is too large.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read the settings: %w", err)
	case !info.Mode().IsRegular():
		// Opening a pipe would wait for ever.
		return nil, fmt.Errorf("read the settings: %w", &fs.PathError{Op: "open", Path: path, Err: ErrNotRegular})
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the settings: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read the settings: %w", err)
	}
	return append([]byte{}, text...), nil
}

// pair is a line of the file: a plain key with a text, a number, or a list of texts. Nothing else gets through to the TOML
// library, which takes its time over nesting without end.
var pair = regexp.MustCompile(`^[ \t]*([a-z-]{1,32})[ \t]*=[ \t]*("[^"\\]*"|'[^']*'|[0-9]{1,9}|\[[ \t]*(?:(?:"[^"\\]*"|'[^']*')[ \t]*,?[ \t]*)*\])[ \t]*(?:#.*)?$`)

// split gives the file's lines up to the first table, and the rest.
func split(text []byte) (own, others string) {
	at := 0
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(strings.TrimLeft(line, " \t"), "[") {
			break
		}
		at += len(line)
	}
	return string(text[:at]), string(text[at:])
}

// parse reads the file line by line, so that one bad line loses nothing of the others.
func parse(text []byte) (s Settings, wrong []Problem) {
	if len(text) > maxFile {
		return s, []Problem{{Rule: "too-large", Args: map[string]any{"Limit": maxFile >> 10}}}
	}
	r := reader{seen: map[string]bool{}}
	own, _ := split(text)
	for line := range strings.Lines(own) {
		r.line++
		line = strings.TrimRight(line, "\r\n")
		if bare := strings.TrimSpace(line); bare == "" || (bare[0] == '#' && clean(line)) {
			continue
		}
		r.read(line)
	}
	return r.settings, r.wrong
}

// clean reports whether a line is text: UTF-8 without NUL.
func clean(line string) bool { return utf8.ValidString(line) && !strings.ContainsRune(line, 0) }

type reader struct {
	settings Settings
	line     int
	seen     map[string]bool
	wrong    []Problem
}

func (r *reader) fault(rule string, args map[string]any) {
	if len(r.wrong) < maxProblems {
		r.wrong = append(r.wrong, Problem{r.line, rule, args})
	}
}

func (r *reader) read(line string) {
	m := pair.FindStringSubmatch(line)
	switch {
	case !clean(line):
		r.fault("not-text", nil)
		return
	case m == nil:
		r.fault("form", nil)
		return
	case r.seen[m[1]]:
		r.fault("twice", map[string]any{"Key": m[1]})
		return
	}
	r.seen[m[1]] = true
	var value map[string]any
	if _, err := toml.Decode(m[1]+" = "+m[2], &value); err != nil {
		r.fault("form", nil)
		return
	}
	was := r.settings
	rule, args := r.take(m[1], value[m[1]])
	if rule == "" {
		_, rule, args = r.settings.fault()
	}
	if rule != "" {
		r.settings = was
		r.fault(rule, args)
	}
}

// take puts a value in its place, or says which rule it breaks.
func (r *reader) take(key string, value any) (rule string, args map[string]any) {
	s := &r.settings
	ok := true
	switch key {
	case "version":
		var version int64
		if version, ok = value.(int64); ok && version != formVersion {
			return "newer", nil
		}
	case "language":
		s.Language, ok = value.(string)
	case "theme":
		s.Theme, ok = value.(string)
	case "scale":
		var scale int64
		scale, ok = value.(int64)
		s.Scale = int(scale)
	case "quiet":
		var list []string
		if list, ok = texts(value); ok && len(list) == 2 {
			s.Quiet = Hours{list[0], list[1]}
		} else {
			ok = false
		}
	case "mute":
		s.Mute, ok = texts(value)
	default:
		return "unknown-key", map[string]any{"Key": key}
	}
	if !ok {
		return "wrong-kind", map[string]any{"Key": key}
	}
	return "", nil
}

// texts gives a list of texts.
func texts(value any) (list []string, ok bool) {
	all, ok := value.([]any)
	for _, v := range all {
		text, isText := v.(string)
		if !isText {
			return nil, false
		}
		list = append(list, text)
	}
	return list, ok
}
