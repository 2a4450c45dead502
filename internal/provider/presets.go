package provider

import (
	"cmp"
	"maps"
	"slices"
)

// Presets gives every preset, by its id. They are not to be changed.
func (d *Directory) Presets() []Preset {
	byID := map[string]Preset{}
	for _, p := range d.presets {
		byID[p.ID] = p
	}
	return slices.SortedFunc(maps.Values(byID), func(a, b Preset) int { return cmp.Compare(a.ID, b.ID) })
}
