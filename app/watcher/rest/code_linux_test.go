package rest

import (
	"os"
	"strings"
	"testing"
)

// TestOnlyCodeIsGivenBack: what was written to would be lost.
func TestOnlyCodeIsGivenBack(t *testing.T) {
	const exe = "/opt/rimbalzo"
	for line, want := range map[string]bool{
		"00402000-011c6000 r-xp 00002000 08:01 123                        /opt/rimbalzo":   true,
		"011c6000-0203e000 r--p 00dc6000 08:01 123                        /opt/rimbalzo":   false,
		"0203e000-0281e000 rw-p 01c3e000 08:01 123                        /opt/rimbalzo":   false,
		"00402000-011c6000 rwxp 00002000 08:01 123                        /opt/rimbalzo":   false,
		"7f0000000000-7f0000100000 r-xp 00000000 08:01 7                  /usr/lib/lib.so": false,
		"7f0000000000-7f0000100000 r-xp 00000000 00:00 0":                                  false,
		"ffffffffff600000-ffffffffff601000 r-xp 00000000 00:00 0          [vsyscall]":      false,
		"x-y r-xp 00000000 08:01 123 /opt/rimbalzo":                                        false,
		"00500000-00400000 r-xp 00000000 08:01 123 /opt/rimbalzo":                          false,
		"": false,
	} {
		from, to, ok := code(line, exe)
		if ok != want || (ok && (from != 0x402000 || to != 0x11c6000)) {
			t.Errorf("%q: %x-%x %t", line, from, to, ok)
		}
	}
}

// TestLifeGoesOn gives back the code of the test itself, which then comes back as it was.
func TestLifeGoesOn(t *testing.T) {
	resident := func() string {
		text, err := os.ReadFile("/proc/self/status")
		if err != nil {
			t.Skip("there is no /proc here")
		}
		_, rest, _ := strings.Cut(string(text), "RssFile:")
		line, _, _ := strings.Cut(rest, "\n")
		return strings.TrimSpace(line)
	}
	before := resident()
	for range 3 {
		giveCodeBack()
	}
	after := resident()
	if len(after) > len(before) || (len(after) == len(before) && after >= before) {
		t.Errorf("%s of files in memory before, %s after", before, after)
	}
}
