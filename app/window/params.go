// Package window is the program's window, and a picture of it for where there is no display.
//
// It is a thin front: package session decides what is shown, package view draws it. The window needs a C compiler to be
// built; without one, [Run] says how to get it. The picture needs none.
package window

import "rimbalzo/app/window/session"

// Params is everything that the window needs from the rest of the program.
type Params = session.Params

// Moment is an instant for which the same mail can be reviewed.
type Moment = session.Moment

// Demo is a running demo, as Params.Demo gives it.
type Demo = session.Demo
