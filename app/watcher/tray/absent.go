//go:build darwin && !cgo

package tray

import "context"

// Built says whether this program can show itself in a tray: on macOS that takes a C compiler.
const Built = false

// Tray would be the icon.
type Tray struct{}

// New makes nothing that could be seen.
func New(View, func(id string)) *Tray { return &Tray{} }

// Run waits for the end of ctx.
func (*Tray) Run(ctx context.Context) { <-ctx.Done() }

// Show shows nothing.
func (*Tray) Show(View) {}
