package checklist

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"rimbalzo/internal/advice"
)

// Ticks is what a person has ticked off: for each item the last word and when it was said. The zero Ticks is empty and
// ready; a nil one reads as empty. It is not safe for concurrent use.
type Ticks struct {
	last map[string]tick
}

// tick is one word about one item, at a time in nanoseconds since 1970.
type tick struct {
	on bool
	at int64
}

// after reports whether t outranks u: the later word wins, of two at the same time the one that ticks.
func (t tick) after(u tick) bool {
	if t.at != u.at {
		return t.at > u.at
	}
	return t.on && !u.on
}

// Bounds of a file of ticks. A tick takes about 110 bytes.
const (
	ticksVersion  = 1
	maxTicks      = 250_000
	maxTicksBytes = 48 << 20
	maxKey        = 64
)

// The times that a tick may have: anything else is a clock gone wrong, and would not survive being written.
var (
	firstTick = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	lastTick  = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
)

// ErrTicksVersion means that a file of ticks is of a newer program.
var ErrTicksVersion = errors.New("ticks of a newer version")

// Key names an item for good: by its Message-ID and recipient, without a Message-ID by time of sending, subject and
// recipient. It is 32 or 33 characters of ASCII and tells nothing of the message.
func Key(item *advice.Item) string {
	h := sha256.New()
	put := func(s string) { fmt.Fprintf(h, "%d:%s", len(s), s) }
	prefix := ""
	if item.MessageID != "" {
		put(item.MessageID)
	} else {
		// The instant and not its spelling: two copies of a message may state it in different zones.
		prefix = "~"
		if !item.SentAt.IsZero() {
			put(item.SentAt.At.UTC().Format(time.RFC3339))
		} else {
			put("")
		}
		put(item.Subject)
	}
	put(item.Recipient)
	return prefix + hex.EncodeToString(h.Sum(nil)[:16])
}

// Set ticks an item off at a time.
func (t *Ticks) Set(item *advice.Item, at time.Time) { t.say(item, true, at) }

// Unset takes an item's tick away at a time.
func (t *Ticks) Unset(item *advice.Item, at time.Time) { t.say(item, false, at) }

// Has reports whether an item is ticked off.
func (t *Ticks) Has(item *advice.Item) bool {
	return t != nil && len(t.last) > 0 && t.last[Key(item)].on
}

// say takes a person's word. It always counts: where the clock was put back, it is taken as just after the last one.
func (t *Ticks) say(item *advice.Item, on bool, at time.Time) {
	switch {
	case at.Before(firstTick):
		at = firstTick
	case at.After(lastTick):
		at = lastTick
	}
	key := Key(item)
	word := tick{on: on, at: at.UnixNano()}
	if old, ok := t.last[key]; ok && word.at <= old.at {
		if old.on == on {
			return
		}
		word.at = min(old.at+1, lastTick.UnixNano())
	}
	t.put(key, word)
}

// take keeps the later of two words.
func (t *Ticks) take(key string, word tick) {
	if old, ok := t.last[key]; !ok || word.after(old) {
		t.put(key, word)
	}
}

func (t *Ticks) put(key string, word tick) {
	if t.last == nil {
		t.last = make(map[string]tick)
	}
	t.last[key] = word
}

// Merge takes in what others says: for each item the later word stays. The order of merging does not matter, nor does
// merging twice.
func (t *Ticks) Merge(other *Ticks) {
	if other == nil {
		return
	}
	for key, word := range other.last {
		t.take(key, word)
	}
}

type ticksFile struct {
	Version int         `json:"version"`
	Ticks   []ticksLine `json:"ticks"`
}

type ticksLine struct {
	Key string    `json:"key"`
	On  bool      `json:"on"`
	At  time.Time `json:"at"`
}

// Encode writes the ticks as JSON, ordered by key, so that the same ticks always give the same file.
func (t *Ticks) Encode(out io.Writer) error {
	file := ticksFile{Version: ticksVersion, Ticks: []ticksLine{}}
	if t != nil {
		for _, key := range slices.SortedFunc(maps.Keys(t.last), cmp.Compare[string]) {
			word := t.last[key]
			file.Ticks = append(file.Ticks, ticksLine{Key: key, On: word.on, At: time.Unix(0, word.at).UTC()})
		}
	}
	enc := json.NewEncoder(out)
	enc.SetIndent("", " ")
	if err := enc.Encode(file); err != nil {
		return fmt.Errorf("writing the ticks: %w", err)
	}
	return nil
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
	case head.Version != ticksVersion:
		return nil, fmt.Errorf("reading the ticks: there is no version %d", head.Version)
	}
	var file ticksFile
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("reading the ticks: %w", err)
	}
	return collect(file.Ticks)
}

func collect(lines []ticksLine) (*Ticks, error) {
	if len(lines) > maxTicks {
		return nil, fmt.Errorf("reading the ticks: %d of them, more than %d", len(lines), maxTicks)
	}
	t := new(Ticks)
	for _, line := range lines {
		if line.Key == "" || len(line.Key) > maxKey {
			return nil, fmt.Errorf("reading the ticks: a key of %d bytes", len(line.Key))
		}
		if line.At.Before(firstTick) || line.At.After(lastTick) {
			return nil, fmt.Errorf("reading the ticks: %q is ticked at an impossible time", line.Key)
		}
		t.take(line.Key, tick{on: line.On, at: line.At.UnixNano()})
	}
	return t, nil
}
