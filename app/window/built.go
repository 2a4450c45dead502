//go:build cgo

package window

// Built says whether this program has the window.
const Built = true
