package cli

import (
	"testing"
	"time"
)

// TestLoginDelay: between 10 and 60 seconds, and spread over all of that.
func TestLoginDelay(t *testing.T) {
	var early, late bool
	for range 10_000 {
		d := loginDelay()
		if d < 10*time.Second || d >= time.Minute {
			t.Fatalf("a delay of %v", d)
		}
		early, late = early || d < 15*time.Second, late || d > 55*time.Second
	}
	if !early || !late {
		t.Errorf("among 10,000 delays, below 15 s: %t, above 55 s: %t", early, late)
	}
}
