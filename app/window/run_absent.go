//go:build !cgo

package window

import "errors"

// Run says how to get the window: this program was built without a C compiler.
func Run(p Params) error { return errors.New(p.Words.T("window.absent")) }
