package probe

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
)

//go:embed signs.toml
var signsFile []byte

// signPattern is a wording of servers that means more than its code.
type signPattern struct {
	ending  Ending
	pattern *regexp.Regexp
}

// signs are the known wordings: those about the line that asks, and those about a login.
type signs struct{ line, login []signPattern }

// knownSigns reads them once. The file is part of the program and a test reads it; without it codes alone decide.
var knownSigns = sync.OnceValue(func() signs {
	s, err := readSigns(signsFile)
	if err != nil {
		return signs{}
	}
	return s
})

func readSigns(text []byte) (signs, error) {
	var file struct {
		Line, Login []struct {
			Ending  Ending   `toml:"ending"`
			Pattern string   `toml:"pattern"`
			Said    string   `toml:"said"`
			Sources []string `toml:"sources"`
		}
	}
	meta, err := toml.Decode(string(text), &file)
	if err != nil {
		return signs{}, fmt.Errorf("read the known wordings: %w", err)
	}
	if extra := meta.Undecoded(); len(extra) > 0 {
		return signs{}, fmt.Errorf("read the known wordings: key %s has no meaning", extra[0])
	}
	var all signs
	add := func(to *[]signPattern, ending Ending, pattern, said string, sources []string) error {
		re, err := regexp.Compile("(?i)" + pattern)
		switch _, known := meanings[ending]; {
		case err != nil:
			return fmt.Errorf("read the known wordings: %w", err)
		case !known || len(sources) == 0 || !re.MatchString(said):
			return fmt.Errorf("read the known wordings: %q: an unknown ending, no source, or an example that does not match", pattern)
		}
		*to = append(*to, signPattern{ending, re})
		return nil
	}
	for _, l := range file.Line {
		if err := add(&all.line, l.Ending, l.Pattern, l.Said, l.Sources); err != nil {
			return signs{}, err
		}
	}
	for _, l := range file.Login {
		if err := add(&all.login, l.Ending, l.Pattern, l.Said, l.Sources); err != nil {
			return signs{}, err
		}
	}
	return all, nil
}

// lineSign gives what a refusal's words say about the line that asks, "" for nothing.
func lineSign(text string) Ending { return match(knownSigns().line, text) }

// loginSign gives what the words of a refused login say beyond its code, "" for nothing.
func loginSign(text string) Ending { return match(knownSigns().login, text) }

// match gives the ending of the first pattern that a text matches.
func match(patterns []signPattern, text string) Ending {
	text = strings.ToValidUTF8(text[:min(len(text), maxLine)], "?")
	for _, p := range patterns {
		if p.pattern.MatchString(text) {
			return p.ending
		}
	}
	return ""
}
