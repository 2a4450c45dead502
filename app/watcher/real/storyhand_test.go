//go:build linux

package real

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// person sits before the screen: what she does is done with the keys alone.
type person struct {
	*session
	t     *testing.T
	shown int // pictures so far
}

// keyPause is left between two keys: what a key does is over by then also where one picture takes a tenth of a second to draw.
const keyPause = "120"

// press presses keys one after the other, by their names for the X server; "6 Tab" presses one of them six times.
func (p *person) press(keys ...string) {
	p.t.Helper()
	for _, key := range keys {
		times := 1
		if n, name, ok := strings.Cut(key, " "); ok {
			fmt.Sscan(n, &times)
			key = name
		}
		for range times {
			p.run(p.t, "", "xdotool", "key", "--clearmodifiers", "--delay", keyPause, key)
			time.Sleep(150 * time.Millisecond)
		}
	}
}

// write types text.
func (p *person) write(text string) {
	p.t.Helper()
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			p.run(p.t, "", "xdotool", "key", "--clearmodifiers", "Return") // among text it would come as a line feed, which no keyboard has
		}
		p.run(p.t, line, "xdotool", "type", "--clearmodifiers", "--delay", "12", "--file", "-")
	}
	time.Sleep(300 * time.Millisecond)
}

// look keeps what is on the screen, once it is drawn.
func (p *person) look(name string) {
	p.t.Helper()
	time.Sleep(1500 * time.Millisecond) // with two cores for everything, a dialog has been seen to take more than one
	p.shown++
	p.picture(p.t, fmt.Sprintf("%02d-%s", p.shown, name))
}

// front waits until the window is on the screen and has the keys.
func (p *person) front() {
	p.t.Helper()
	until(p.t, "a window on the screen", 2*time.Minute, func() bool { return p.windowShown(p.t) })
	until(p.t, "a window with the keys", time.Minute, func() bool {
		cmd := exec.Command("xdotool", "getactivewindow", "getwindowname")
		cmd.Env = p.env
		out, err := cmd.Output()
		return err == nil && strings.HasPrefix(string(out), "Rimbalzo")
	})
	time.Sleep(2 * time.Second) // it is drawn
}
