package logs

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"rimbalzo/app/window/golden"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/words"
)

func sample(n int) (list []string) {
	levels := []string{"DEBUG", "INFO", "WARN", "ERROR"}
	for i := range n {
		list = append(list, fmt.Sprintf(`time=2026-03-04T11:%02d:07.123Z level=%s msg="look number %d" endpoint="imap imap.example.org:993" took=%dms`, i%60, levels[i%4], i, 10*i))
	}
	return list
}

func opened(t *testing.T, raw []string, err error) (*Page, *[]string) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(kit.NewLookIn(theme.VariantLight))
	var copied []string
	g := New(Params{
		Words: words.New("en"), Errands: session.NewErrands(func(func()) {}), Folder: "/home/anna/.config/rimbalzo",
		Log: func(int) ([]string, error) { return raw, err }, Copied: func(s string) { copied = append(copied, s) },
		Explain: func(err error) string { return "Because " + err.Error() + "." },
	})
	t.Cleanup(g.Close)
	win := test.NewTempWindow(t, g.Root())
	win.Resize(fyne.NewSize(1000, 800))
	g.take(raw, err)
	return g, &copied
}

func TestLevels(t *testing.T) {
	g, copied := opened(t, sample(8), nil)
	for _, tc := range []struct {
		level string
		want  []string
		not   string
	}{
		{"debug", []string{"The last 8 lines", "11:07:07 ERROR look number 7", "11:04:07 DEBUG look number 4"}, ""},
		{"info", []string{"The last 6 lines", "INFO look number 5"}, "DEBUG"},
		{"warn", []string{"The last 4 lines"}, "INFO"},
		{"error", []string{"The last 2 lines"}, "WARN"},
	} {
		test.Tap(g.pills[tc.level])
		text := golden.Shown(g.Root())
		for _, want := range tc.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in\n%s", tc.level, want, text)
			}
		}
		if tc.not != "" && strings.Contains(text, tc.not) {
			t.Errorf("%s: %s in\n%s", tc.level, tc.not, text)
		}
	}
	test.Tap(g.copyAll)
	if len(*copied) != 1 || (*copied)[0] != strings.Join([]string{sample(8)[3], sample(8)[7]}, "\n")+"\n" {
		t.Errorf("copied %q", *copied)
	}
	again, _ := opened(t, sample(8), nil)
	again.Restore(g.State())
	if len(again.shown) != 2 {
		t.Errorf("the level is not kept: %d lines", len(again.shown))
	}
	again.Restore(State{"nonsense"})
	if again.level != "error" {
		t.Errorf("the level is %q", again.level)
	}
}

// TestNewLines: what comes is shown on top, and the line that somebody reads stays chosen.
func TestNewLines(t *testing.T) {
	g, _ := opened(t, sample(3), nil)
	g.list.Select(0)
	read := g.whole.Text
	if !strings.Contains(read, `msg="look number 2"`) {
		t.Fatalf("the first line is %q", read)
	}
	g.take(sample(6), nil)
	if g.whole.Text != read || !strings.Contains(golden.Shown(g.Root()), "look number 5") {
		t.Errorf("read is %q, shown\n%s", g.whole.Text, golden.Shown(g.Root()))
	}
}

func TestOthers(t *testing.T) {
	for name, tc := range map[string]struct {
		raw       []string
		err       error
		want, not string
	}{
		"none":    {nil, nil, "The log is still empty", "Copy what you see"},
		"failed":  {nil, errors.New("nobody may"), "Because nobody may.", ""},
		"details": {sample(1), nil, "No line of this kind.", "DEBUG"},
		"hostile": {[]string{"level=ERROR \u202enot\x1b[31m a line **x** [y](https://evil.example)", `time=x level=ERROR msg="\u202eq\n\u0007 text" a=b`}, nil, "not[31m a line **x** [y](https://evil.example)", "\u202e"},
	} {
		t.Run(name, func(t *testing.T) {
			g, _ := opened(t, tc.raw, tc.err)
			text := golden.Shown(g.Root())
			if !strings.Contains(text, tc.want) || tc.not != "" && strings.Contains(text, tc.not) {
				t.Errorf("shows\n%s", text)
			}
			if !strings.Contains(text, "Data folder: /home/anna/.config/rimbalzo") {
				t.Error("the folder is not shown")
			}
		})
	}
}

// TestBounds: a log of any length is shown in time, and a line of any length stays one line.
func TestBounds(t *testing.T) {
	raw := sample(20_000)
	raw = append(raw, "time=2026-03-04T11:00:00Z level=ERROR msg="+strings.Repeat("long ", 100_000))
	begin := time.Now()
	g, _ := opened(t, raw, nil)
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
	if len(g.all) != lines || len([]rune(g.all[lines-1].Whole)) > 2100 {
		t.Errorf("%d lines, the last of %d characters", len(g.all), len([]rune(g.all[lines-1].Whole)))
	}
}

func TestGolden(t *testing.T) {
	golden.Page(t, "log", func(w *words.Words, fill golden.Fill) fyne.CanvasObject {
		g := New(Params{
			Words: w, Errands: session.NewErrands(func(func()) {}), Folder: "/home/anna/.config/rimbalzo", Log: func(int) ([]string, error) { return nil, nil },
			Copied: func(string) {}, Explain: error.Error,
		})
		g.Close()
		g.take(sample(map[golden.Fill]int{golden.Empty: 0, golden.Small: 4, golden.Full: 400}[fill]), nil)
		if fill != golden.Empty {
			g.list.Select(0)
		}
		return g.Root()
	})
}
