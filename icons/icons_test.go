package icons

import (
	"bytes"
	"encoding/binary"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestPNGSizes holds the drawings to the sizes that their names promise; rimbalzo.png is the one of FyneApp.toml.
func TestPNGSizes(t *testing.T) {
	names, err := filepath.Glob("*.png")
	if err != nil || len(names) < 8 {
		t.Fatalf("found %d drawings, %v", len(names), err)
	}
	number := regexp.MustCompile(`-(\d+)\.png$`)
	for _, name := range names {
		want := 512
		if strings.HasPrefix(name, "tray-") {
			want = 64
		}
		if m := number.FindStringSubmatch(name); m != nil {
			want, _ = strconv.Atoi(m[1])
		}
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := img.Bounds().Size(); got.X != want || got.Y != want {
			t.Errorf("%s is %d by %d", name, got.X, got.Y)
		}
		if _, _, _, corner := img.At(0, 0).RGBA(); corner != 0 {
			t.Errorf("%s: its corner is not transparent", name)
		}
	}
}

// TestICO reads the directory of the Windows icon (https://learn.microsoft.com/previous-versions/ms997538(v=msdn.10)).
func TestICO(t *testing.T) {
	data, err := os.ReadFile("rimbalzo.ico")
	if err != nil {
		t.Fatal(err)
	}
	n := int(binary.LittleEndian.Uint16(data[4:]))
	var sizes []int
	for i := range n {
		side := int(data[6+16*i])
		if side == 0 {
			side = 256 // a byte holds no 256
		}
		sizes = append(sizes, side)
	}
	slices.Sort(sizes)
	if want := []int{16, 32, 48, 256}; !slices.Equal(sizes, want) {
		t.Errorf("sizes %v, want %v", sizes, want)
	}
}

func TestPNGHandedOver(t *testing.T) {
	img, err := png.DecodeConfig(bytes.NewReader(PNG))
	if err != nil || img.Width != 256 || img.Height != 256 {
		t.Errorf("%d by %d, %v", img.Width, img.Height, err)
	}
}

// TestTray looks that every state has an icon of its own, also where colours are not seen.
func TestTray(t *testing.T) {
	seen := map[string]string{}
	for _, state := range []string{"up", "trouble", "down", "unknown", "paused"} {
		img, err := png.Decode(bytes.NewReader(Tray(state, false)))
		if err != nil {
			t.Errorf("%s: %v", state, err)
			continue
		}
		var shape []byte
		for y := range 16 {
			for x := range 16 {
				r, g, b, a := img.At(4*x+2, 4*y+2).RGBA()
				shape = append(shape, byte((r+g+b)/3>>14), byte(a>>15)) // grey, in four steps
			}
		}
		if other, ok := seen[string(shape)]; ok {
			t.Errorf("%s looks like %s", state, other)
		}
		seen[string(shape)] = state
		if ico := Tray(state, true); len(ico) < 6 || binary.LittleEndian.Uint16(ico[4:]) != 2 {
			t.Errorf("%s: the icon for Windows does not hold two sizes", state)
		}
	}
	if Tray("../rimbalzo", false) != nil {
		t.Error("an icon for a state that does not exist")
	}
}
