package session

import (
	"testing"
	"time"

	"rimbalzo/internal/outage"
	"rimbalzo/internal/words"
)

func at(day, hour, minute int) time.Time { return time.Date(2023, 1, day, hour, minute, 0, 0, cet) }

func TestMarks(t *testing.T) {
	for name, tc := range map[string]struct {
		boundary outage.Boundary
		want     Mark
	}{
		"exact":                {outage.Boundary{At: at(23, 16, 0), Precision: outage.Exact, Earliest: at(23, 16, 0), Latest: at(23, 16, 0)}, Mark{"23 gen", "16:00", false}},
		"about":                {outage.Boundary{At: at(23, 16, 0), Precision: outage.About, Earliest: at(23, 15, 30), Latest: at(23, 16, 30)}, Mark{"23 gen", "circa 16:00", false}},
		"hours of a day":       {outage.Boundary{At: at(23, 16, 0), Precision: outage.About, Earliest: at(23, 15, 0), Latest: at(23, 17, 0)}, Mark{"23 gen", "15:00–17:00", true}},
		"until midnight":       {outage.Boundary{At: at(25, 20, 0), Earliest: at(25, 18, 0), Latest: at(26, 0, 0)}, Mark{"25 gen", "18:00–24:00", true}},
		"a whole day":          {outage.Boundary{At: at(25, 12, 0), Earliest: at(25, 0, 0), Latest: at(25, 23, 59)}, Mark{"25 gen", "", true}},
		"several days":         {outage.Boundary{At: at(28, 20, 0), Earliest: at(28, 8, 0), Latest: at(31, 8, 0)}, Mark{"28 gen –", "31 gen", true}},
		"known as a limit":     {outage.Boundary{At: at(28, 20, 0), Precision: outage.Bound}, Mark{"28 gen", "entro 20:00", false}},
		"never told":           {outage.Boundary{}, Mark{"non si sa", "", true}},
		"in the window's zone": {outage.Boundary{At: at(23, 0, 30).UTC(), Precision: outage.Exact}, Mark{"23 gen", "00:30", false}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := newMark(tc.boundary, words.New("it"), cet); got != tc.want {
				t.Errorf("stands as %+v, want %+v", got, tc.want)
			}
		})
	}
}
