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
	for _, want := range []string{"libero", "virgilio", "gmail"} {
		if !slices.Contains(ids, want) {
			t.Errorf("%s is missing among %v", want, ids)
		}
	}
}
