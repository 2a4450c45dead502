// Package onpath puts a folder on the PATH of the person on Windows, where an installer without administrator's rights has
// no folder that is on it already. On other systems there is nothing to do.
package onpath

import (
	"errors"
	"slices"
	"strings"
)

// ErrElsewhere means that this system's packages put the program where it is found.
var ErrElsewhere = errors.New("the path is changed on Windows only")

// with gives a list of folders between semicolons with dir at its end, once, and everything else as it was.
func with(list, dir string) string {
	parts := without(list, dir)
	if parts == "" {
		return dir
	}
	return strings.TrimSuffix(parts, ";") + ";" + dir
}

// without gives the list without dir, and everything else as it was: empty places and folders named by variables too.
func without(list, dir string) string {
	same := func(part string) bool {
		return strings.EqualFold(strings.TrimRight(strings.Trim(strings.TrimSpace(part), `"`), `\`), strings.TrimRight(dir, `\`))
	}
	return strings.Join(slices.DeleteFunc(strings.Split(list, ";"), same), ";")
}
