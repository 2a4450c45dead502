package checklist

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"rimbalzo/internal/advice"
)

// Bounds of a file of ticks. A word takes at most 180 bytes in it and a note 3,100, each character being a "<" that JSON spells
// out: a file within the first three is within the fourth. Version 1 knew ticked or not, version 2 the words; a file that holds
// nothing else is still written so, and read by the programs of then.
const (
	ticksVersion  = 3
	maxTicks      = 250_000 // words and notes
	maxNotes      = 5_000
	maxTicksBytes = 64 << 20
	maxKey        = 64
	keySigns      = "*~0123456789abcdefghijklmnopqrstuvwxyz" // of which keys are made; see Key
)

// Errors of a file of ticks: it is of a newer program; it holds, or would hold, more than is ever read.
var (
	ErrTicksVersion = errors.New("ticks of a newer version")
	ErrTooMany      = errors.New("too many words and notes")
)

type ticksFile struct {
	Version int         `json:"version"`
	Made    *ticksMade  `json:"made,omitempty"`
	Ticks   []ticksLine `json:"ticks"`
}

// ticksMade says to whoever opens a file what it is; nothing is read from it.
type ticksMade struct {
	At   time.Time `json:"at"`
	What string    `json:"what"`
}

// ticksLine is what was said of an item in the file; version 1 has On without a word, version 3 has notes, and lines with a
// note alone, which have no At.
type ticksLine struct {
	Key   string      `json:"key"`
	On    bool        `json:"on"`
	Word  advice.Word `json:"word,omitempty"`
	At    time.Time   `json:"at,omitzero"`
	Note  string      `json:"note,omitempty"`
	Noted time.Time   `json:"noted,omitzero"` // when the note was written, or taken away
}

// tick reads a line of a version.
func (line ticksLine) tick(version int) (tick, error) {
	t := tick{at: line.At.UnixNano()}
	switch {
	case !line.On:
	case version == 1 || line.Word == "":
		t.word = advice.SaidDone
	case line.Word.Known():
		t.word = line.Word
	default:
		return t, fmt.Errorf("reading the ticks: of %q something unknown is said", line.Key)
	}
	return t, nil
}

// Encode writes the ticks as JSON, ordered by key, so that the same ticks always give the same file. It fails with
// [ErrTooMany] rather than write a file that could not be read again.
func (t *Ticks) Encode(out io.Writer) error { return t.encode(out, nil) }

// Export writes a file for another computer: what [Ticks.Encode] writes, with when it was made and a sentence on what it is.
func (t *Ticks) Export(out io.Writer, at time.Time, what string) error {
	return t.encode(out, &ticksMade{At: at.UTC().Truncate(time.Second), What: what})
}

func (t *Ticks) encode(out io.Writer, made *ticksMade) error {
	file := ticksFile{Version: 1, Made: made, Ticks: []ticksLine{}}
	if t != nil {
		if len(t.last)+len(t.notes) > maxTicks || len(t.notes) > maxNotes {
			return fmt.Errorf("writing the ticks: %d words and %d notes: %w", len(t.last), len(t.notes), ErrTooMany)
		}
		for _, key := range t.keys() {
			line, version := t.line(key)
			file.Version = max(file.Version, version)
			file.Ticks = append(file.Ticks, line)
		}
	}
	enc := json.NewEncoder(out)
	enc.SetIndent("", " ")
	if err := enc.Encode(file); err != nil {
		return fmt.Errorf("writing the ticks: %w", err)
	}
	return nil
}

// keys are those of all that was said, in their order.
func (t *Ticks) keys() []string {
	all := make(map[string]bool, len(t.last)+len(t.notes))
	for key := range t.last {
		all[key] = true
	}
	for key := range t.notes {
		all[key] = true
	}
	return slices.Sorted(maps.Keys(all))
}

// line gives what was said under a key, and the version of the file that can hold it.
func (t *Ticks) line(key string) (ticksLine, int) {
	line, version := ticksLine{Key: key}, 1
	if last, ok := t.last[key]; ok {
		line.On, line.At = last.word != "", time.Unix(0, last.at).UTC()
		if last.word != advice.SaidDone {
			line.Word = last.word
		}
	}
	if line.Word != "" || strings.HasPrefix(key, "*") {
		version = 2
	}
	if n, ok := t.notes[key]; ok {
		line.Note, line.Noted = n.text, time.Unix(0, n.at).UTC()
		version = ticksVersion
	}
	return line, version
}

// DecodeTicks reads what [Ticks.Encode] wrote. It refuses a file that is damaged, too large or of a newer version
// ([ErrTicksVersion]): the caller keeps such a file aside rather than lose it.
func DecodeTicks(in io.Reader) (*Ticks, error) {
	data, err := io.ReadAll(io.LimitReader(in, maxTicksBytes+1))
	if err != nil {
		return nil, fmt.Errorf("reading the ticks: %w", err)
	}
	if len(data) > maxTicksBytes {
		return nil, fmt.Errorf("reading the ticks: more than %d bytes", maxTicksBytes)
	}
	// The version is read by itself: what else a newer file holds may be of another kind.
	var head struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("reading the ticks: %w", err)
	}
	switch {
	case head.Version > ticksVersion:
		return nil, fmt.Errorf("reading the ticks: version %d: %w", head.Version, ErrTicksVersion)
	case head.Version < 1:
		return nil, fmt.Errorf("reading the ticks: there is no version %d", head.Version)
	}
	var file ticksFile
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("reading the ticks: %w", err)
	}
	return collect(file.Ticks, head.Version)
}

func collect(lines []ticksLine, version int) (*Ticks, error) {
	if len(lines) > maxTicks {
		return nil, fmt.Errorf("reading the ticks: %d of them, more than %d", len(lines), maxTicks)
	}
	t := new(Ticks)
	for i := range lines {
		if err := t.collect(&lines[i], version); err != nil {
			return nil, err
		}
	}
	if len(t.notes) > maxNotes || len(t.last)+len(t.notes) > maxTicks {
		return nil, fmt.Errorf("reading the ticks: %d words and %d notes: %w", len(t.last), len(t.notes), ErrTooMany)
	}
	return t, nil
}

func (t *Ticks) collect(line *ticksLine, version int) error {
	if line.Key == "" || len(line.Key) > maxKey || strings.Trim(line.Key, keySigns) != "" {
		return fmt.Errorf("reading the ticks: %.*q is no key", maxKey, line.Key)
	}
	noted := version >= 3 && !line.Noted.IsZero()
	if noted {
		if line.Noted.Before(firstTick) || line.Noted.After(lastTick) {
			return fmt.Errorf("reading the ticks: the note of %q was written at an impossible time", line.Key)
		}
		// What another program wrote may hold anything: it is made harmless as it comes in.
		t.takeNote(line.Key, note{text: plain(line.Note, maxNote), at: line.Noted.UnixNano()})
	}
	if noted && line.At.IsZero() {
		return nil
	}
	if line.At.Before(firstTick) || line.At.After(lastTick) {
		return fmt.Errorf("reading the ticks: %q is ticked at an impossible time", line.Key)
	}
	said, err := line.tick(version)
	if err == nil {
		t.take(line.Key, said)
	}
	return err
}
