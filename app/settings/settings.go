// Package settings holds what a person chose for the whole program: language, looks, quiet hours and which notices come. They
// lie in settings.toml of the data folder, where the window, the watcher and the command line find them. Start at login is
// not among them: it is what the system says, see app/watcher/autostart.
package settings

import (
	"slices"
	"time"

	"rimbalzo/internal/watch"
)

// Settings is what a person chose. The zero value is what the program does when nobody has chosen.
type Settings struct {
	Language string // "it", "en"; "" the system's
	Theme    string // "light", "dark"; "" the system's
	Scale    int    // of the window in per cent, 100 to 200; 0 the system's
	Quiet    Hours
	Mute     []string // notices that are not shown, as in [Kinds]
}

// Hours are the hours of a day in which no notice is shown, over midnight where From is the later one.
type Hours struct {
	From, To string // "22:30", by the clock on the person's wall; both "" for none
}

// Bounds of the scale, in per cent.
const (
	MinScale = 100
	MaxScale = 200
)

// The values that a setting may have.
var (
	Languages = []string{"it", "en"}
	Themes    = []string{"light", "dark"}
	// Kinds are the notices that a person can do without, the most important first.
	Kinds = []watch.Kind{watch.KindDown, watch.KindBack, watch.KindResend, watch.KindBounces, watch.KindReopened, watch.KindWaited, watch.KindPassword, watch.KindRefused}
)

// layout is how hours are written.
const layout = "15:04"

// KeptBack is what the watcher is not to tell, and when.
func (s Settings) KeptBack() watch.Quiet {
	var q watch.Quiet
	from, errFrom := clock(s.Quiet.From)
	to, errTo := clock(s.Quiet.To)
	if errFrom == nil && errTo == nil {
		q.From, q.To = from, to
	}
	for _, kind := range s.Mute {
		q.Mute = append(q.Mute, watch.Kind(kind))
	}
	return q
}

// clock reads a time of day as the time since midnight.
func clock(text string) (time.Duration, error) {
	t, err := time.Parse(layout, text)
	if err != nil {
		return 0, err
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, nil
}

// Muted reports whether notices of a kind are not shown.
func (s Settings) Muted(kind watch.Kind) bool { return slices.Contains(s.Mute, string(kind)) }

// Changed gives the settings with what somebody changed from was to now; what he left alone stays, since another process
// may have changed it meanwhile.
func (s Settings) Changed(was, now Settings) Settings {
	if now.Language != was.Language {
		s.Language = now.Language
	}
	if now.Theme != was.Theme {
		s.Theme = now.Theme
	}
	if now.Scale != was.Scale {
		s.Scale = now.Scale
	}
	if now.Quiet != was.Quiet {
		s.Quiet = now.Quiet
	}
	var mute []string
	for _, kind := range Kinds {
		muted := s.Muted(kind)
		if now.Muted(kind) != was.Muted(kind) {
			muted = now.Muted(kind)
		}
		if muted {
			mute = append(mute, string(kind))
		}
	}
	s.Mute = mute
	return s
}

// fault says which rule the settings break, about which key; "" for none.
func (s Settings) fault() (key, rule string, args map[string]any) {
	switch {
	case s.Language != "" && !slices.Contains(Languages, s.Language):
		return "language", "language", map[string]any{"Value": s.Language}
	case s.Theme != "" && !slices.Contains(Themes, s.Theme):
		return "theme", "theme", map[string]any{"Value": s.Theme}
	case s.Scale != 0 && (s.Scale < MinScale || s.Scale > MaxScale):
		return "scale", "scale", map[string]any{"Value": s.Scale, "Min": MinScale, "Max": MaxScale}
	case s.Quiet != Hours{}:
		if rule, args := s.Quiet.fault(); rule != "" {
			return "quiet", rule, args
		}
	}
	for _, kind := range s.Mute {
		if !slices.Contains(Kinds, watch.Kind(kind)) {
			return "mute", "kind", map[string]any{"Value": kind}
		}
	}
	return "", "", nil
}

func (h Hours) fault() (rule string, args map[string]any) {
	for _, text := range []string{h.From, h.To} {
		if t, err := time.Parse(layout, text); err != nil || t.Format(layout) != text {
			return "clock", map[string]any{"Value": text}
		}
	}
	if h.From == h.To {
		return "no-hours", map[string]any{"Value": h.From}
	}
	return "", nil
}
