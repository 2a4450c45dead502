package session

import "image"

// Shot is what a picture of the window shows.
type Shot struct {
	Place string // a place of the rail: "now", "checklist", "outage", …
	Dark  bool
	Size  image.Point // in pixels
}
