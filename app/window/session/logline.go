package session

import (
	"slices"
	"strconv"
	"strings"
)

// LogLevels are the levels of a log from the least to the most important; the last parts of the ids of their words. "debug" stands
// for everything.
var LogLevels = []string{"debug", "info", "warn", "error"}

// LogLine is one line of the log.
type LogLine struct {
	Level string // of LogLevels; "info" where the line tells none
	Clock string // "15:04:05" in UTC, "" where the line tells none
	Brief string // what it says, on one line
	Whole string // the whole line
}

// maxLogLine bounds a line, in characters: a log may hold what servers said.
const maxLogLine = 2000

// ReadLogLine takes a line of the log apart (log/slog, TextHandler). What is none is shown as it is.
func ReadLogLine(line string) LogLine {
	whole := Line(line, maxLogLine)
	l := LogLine{Level: "info", Brief: whole, Whole: whole}
	rest, ok := strings.CutPrefix(whole, "time=")
	if !ok {
		return l
	}
	at, rest, _ := strings.Cut(rest, " ")
	level, rest, ok := strings.Cut(strings.TrimPrefix(rest, "level="), " ")
	if !ok {
		return l
	}
	if _, clock, found := strings.Cut(at, "T"); found && len(clock) >= len("15:04:05") {
		l.Clock = clock[:len("15:04:05")]
	}
	if level = strings.ToLower(level); slices.Contains(LogLevels, level) {
		l.Level = level
	}
	said, ok := strings.CutPrefix(rest, "msg=")
	if !ok {
		return l
	}
	if quoted, err := strconv.QuotedPrefix(said); err == nil {
		if text, err := strconv.Unquote(quoted); err == nil {
			said = Line(text+" "+said[len(quoted):], maxLogLine)
		}
	}
	l.Brief = said
	return l
}

// AtLeast reports whether a line is as important as a level, or more.
func (l LogLine) AtLeast(level string) bool {
	return slices.Index(LogLevels, l.Level) >= slices.Index(LogLevels, level)
}
