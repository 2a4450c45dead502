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
	"strings"
	"time"

	"rimbalzo/internal/advice"
)

// Ticks is what a person has said of items: for each the last word and when it was said. The zero Ticks is empty and
// ready; a nil one reads as empty. It is not safe for concurrent use.
type Ticks struct {
	last map[string]tick
}

// tick is one word about one item, at a time in nanoseconds since 1970.
type tick struct {
	word advice.Word // "" for a tick taken away
	at   int64
}

// after reports whether t outranks u: the later word wins, of two at the same time the one that leaves less to do.
func (t tick) after(u tick) bool {
	if t.at != u.at {
		return t.at > u.at
	}
	return t.word.Outranks(u.word)
}

// Bounds of a file of ticks. A tick takes about 110 bytes. Version 1 knew ticked or not; a file that holds nothing else is
// still written so, and read by the programs of then.
const (
	ticksVersion  = 2
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

// whole is the key of a word about a message whoever its recipients are; "" where the message has no id to be known by.
func whole(messageID string) string {
	if messageID == "" {
		return ""
	}
	return "*" + Key(&advice.Item{MessageID: messageID})
}

// Set ticks an item off at a time.
func (t *Ticks) Set(item *advice.Item, at time.Time) { t.Say(item, advice.SaidDone, at) }

// Unset takes back at a time whatever was said of an item.
func (t *Ticks) Unset(item *advice.Item, at time.Time) { t.Say(item, "", at) }

// Has reports whether anything was said of an item that leaves nothing to do.
func (t *Ticks) Has(item *advice.Item) bool { return t.Word(item) != "" }

// Word gives what was said last of an item, "" for nothing.
func (t *Ticks) Word(item *advice.Item) advice.Word {
	last, _ := t.of(item)
	return last.word
}

// of gives the last word about an item: its own, or that about its message as a whole.
func (t *Ticks) of(item *advice.Item) (tick, bool) {
	if t == nil || len(t.last) == 0 {
		return tick{}, false
	}
	own, ok := t.last[Key(item)]
	if all, said := t.last[whole(item.MessageID)]; said && (!ok || all.after(own)) {
		return all, true
	}
	return own, ok
}

// Said gives what was said of items in the form in which advice takes it into account.
func (t *Ticks) Said(items []advice.Item) []advice.Said {
	if t == nil || len(t.last) == 0 {
		return nil
	}
	var list []advice.Said
	for i := range items {
		item := &items[i]
		if last, ok := t.of(item); ok && last.word != "" {
			list = append(list, advice.Said{
				MessageID: item.MessageID, SentAt: item.SentAt, Subject: item.Subject, Recipient: item.Recipient,
				Word: last.word, At: time.Unix(0, last.at).UTC(),
			})
		}
	}
	return list
}

// Say takes a person's word about an item, "" taking back what was said. It always counts: where the clock was put back, it
// is taken as just after the last one. An item with an id and no recipient stands for all recipients of its message.
func (t *Ticks) Say(item *advice.Item, word advice.Word, at time.Time) {
	switch {
	case at.Before(firstTick):
		at = firstTick
	case at.After(lastTick):
		at = lastTick
	}
	key := Key(item)
	if item.Recipient == "" && item.MessageID != "" {
		key = whole(item.MessageID)
	}
	said := tick{word: word, at: at.UnixNano()}
	if old, ok := t.of(item); ok && said.at <= old.at {
		if old.word == word {
			return
		}
		said.at = min(old.at+1, lastTick.UnixNano())
	}
	t.put(key, said)
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

// ticksLine is a tick in the file; version 1 has On without a word.
type ticksLine struct {
	Key  string      `json:"key"`
	On   bool        `json:"on"`
	Word advice.Word `json:"word,omitempty"`
	At   time.Time   `json:"at"`
}

func (t tick) line(key string) ticksLine {
	line := ticksLine{Key: key, On: t.word != "", At: time.Unix(0, t.at).UTC()}
	if t.word != advice.SaidDone {
		line.Word = t.word
	}
	return line
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

// Encode writes the ticks as JSON, ordered by key, so that the same ticks always give the same file.
func (t *Ticks) Encode(out io.Writer) error {
	file := ticksFile{Version: 1, Ticks: []ticksLine{}}
	if t != nil {
		for _, key := range slices.SortedFunc(maps.Keys(t.last), cmp.Compare[string]) {
			line := t.last[key].line(key)
			if line.Word != "" || strings.HasPrefix(key, "*") {
				file.Version = ticksVersion
			}
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
	for _, line := range lines {
		if line.Key == "" || len(line.Key) > maxKey {
			return nil, fmt.Errorf("reading the ticks: a key of %d bytes", len(line.Key))
		}
		if line.At.Before(firstTick) || line.At.After(lastTick) {
			return nil, fmt.Errorf("reading the ticks: %q is ticked at an impossible time", line.Key)
		}
		said, err := line.tick(version)
		if err != nil {
			return nil, err
		}
		t.take(line.Key, said)
	}
	return t, nil
}
