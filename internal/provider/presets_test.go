package provider

import (
	"slices"
	"testing"
)

// Every preset is given once, in the order of the ids, and those of several domains are no exception.
func TestPresets(t *testing.T) {
	all := Builtin().Presets()
	var ids []string
	for _, p := range all {
		ids = append(ids, p.ID)
	}
	if !slices.IsSorted(ids) || len(slices.Compact(slices.Clone(ids))) != len(ids) || len(ids) < 20 {
		t.Errorf("the ids are %v", ids)
	}
	for want, web := range map[string]string{"libero": "https://mail.libero.it/", "virgilio": "https://mail.virgilio.it/", "gmail": "https://mail.google.com/mail/", "gmx-com": ""} {
		if i := slices.Index(ids, want); i < 0 || all[i].Web != web {
			t.Errorf("%s is missing among %v, or has another webmail than %q", want, ids, web)
		}
	}
}
