package missing

import (
	"testing"
	"time"

	"rimbalzo/internal/outage"
)

func exact(s string) outage.Boundary {
	if s == "" {
		return outage.Boundary{}
	}
	return outage.Boundary{At: on(s), Precision: outage.Exact}
}

// phases makes an outage of phases, each a behaviour with its start and end; "" is an end that nobody knows.
func phases(end string, list ...[3]string) *outage.Outage {
	o := &outage.Outage{ID: "own", Start: exact("1 Mar 12:00"), End: exact(end), Domains: []string{"libero.it"}}
	for _, p := range list {
		o.Phases = append(o.Phases, outage.Phase{Behaviour: outage.Behaviour(p[0]), From: exact(p[1]), To: exact(p[2])})
	}
	return o
}

func TestWindow(t *testing.T) {
	refuse := [3]string{string(outage.RefuseConnection), "1 Mar 12:00", "3 Mar 12:00"}
	slow := [3]string{string(outage.NormalDegraded), "3 Mar 12:00", "6 Mar 12:00"}
	for name, tc := range map[string]struct {
		outage   *outage.Outage
		at       string
		ok, over bool
		back, to string // to without the slack
	}{
		"over":                  {phases("6 Mar 12:00", refuse, slow), "20 Mar 12:00", true, true, "3 Mar 12:00", "6 Mar 12:00"},
		"slow, but over":        {phases("6 Mar 12:00", refuse, slow), "4 Mar 12:00", true, true, "3 Mar 12:00", "6 Mar 12:00"},
		"in the midst":          {phases("6 Mar 12:00", refuse, slow), "2 Mar 12:00", true, false, "3 Mar 12:00", "6 Mar 12:00"},
		"before":                {phases("6 Mar 12:00", refuse, slow), "1 Mar 11:00", false, false, "", ""},
		"without phases":        {phases("6 Mar 12:00"), "20 Mar 12:00", true, true, "6 Mar 12:00", "6 Mar 12:00"},
		"only people kept out":  {phases("6 Mar 12:00", [3]string{string(outage.AccessDown), "1 Mar 12:00", "6 Mar 12:00"}), "20 Mar 12:00", false, false, "", ""},
		"people kept out after": {phases("9 Mar 12:00", refuse, [3]string{string(outage.AccessDown), "3 Mar 12:00", "9 Mar 12:00"}), "20 Mar 12:00", true, true, "3 Mar 12:00", "3 Mar 12:00"},
		"an end nobody knows":   {phases("", [3]string{string(outage.RefuseConnection), "1 Mar 12:00", ""}), "20 Mar 12:00", true, false, "", ""},
		"two, one without end":  {phases("", refuse, [3]string{string(outage.AcceptAndHold), "3 Mar 12:00", ""}), "20 Mar 12:00", true, false, "", ""},
		"its end alone known":   {phases("6 Mar 12:00", [3]string{string(outage.RefuseConnection), "1 Mar 12:00", ""}), "20 Mar 12:00", true, true, "6 Mar 12:00", "6 Mar 12:00"},
	} {
		w, ok := windowOf(tc.outage, on(tc.at))
		if ok != tc.ok || w.over != tc.over && ok {
			t.Errorf("%s: known %t, over %t; want %t, %t", name, ok, w.over, tc.ok, tc.over)
		}
		if tc.back != "" && (!w.back.Equal(on(tc.back)) || !w.to.Equal(on(tc.to).Add(slackAfter)) || !w.from.Equal(on("1 Mar 12:00").Add(-slackBefore))) {
			t.Errorf("%s: from %v to %v, back %v", name, w.from, w.to, w.back)
		}
	}
}

func TestPlaces(t *testing.T) {
	w, _ := windowOf(phases("6 Mar 12:00", [3]string{string(outage.RefuseConnection), "1 Mar 12:00", "6 Mar 12:00"}), on("1 Apr 12:00"))
	for name, tc := range map[string]struct {
		first, last string
		want        place
	}{
		"inside":                   {"2 Mar 12:00", "4 Mar 12:00", inside},
		"one moment inside":        {"2 Mar 12:00", "2 Mar 12:00", inside},
		"most of it":               {"28 Feb 12:00", "7 Mar 12:00", inside},
		"a good part":              {"25 Feb 12:00", "5 Mar 12:00", touched},
		"little of it":             {"1 Jan 12:00", "3 Mar 12:00", beside},
		"all around it":            {"1 Jan 12:00", "1 Apr 12:00", beside},
		"before":                   {"1 Feb 12:00", "27 Feb 12:00", outside},
		"after":                    {"8 Mar 12:00", "9 Mar 12:00", outside},
		"no beginning, in it":      {"", "4 Mar 12:00", touched},
		"no beginning, soon after": {"", "12 Mar 12:00", touched},
		"no beginning, long after": {"", "20 Mar 12:00", outside},
		"no beginning, before":     {"", "20 Feb 12:00", outside},
	} {
		var first time.Time
		if tc.first != "" {
			first = on(tc.first)
		}
		if got := w.of(first, on(tc.last)); got != tc.want {
			t.Errorf("%s: %d, want %d", name, got, tc.want)
		}
	}
}
