// Package icons hands over the program's drawings. The masters are the .svg files; render.sh makes the others of them.
package icons

import _ "embed"

// PNG is the program's icon, 256 pixels square.
//
//go:embed rimbalzo-256.png
var PNG []byte
