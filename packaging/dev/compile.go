package main

import (
	"path/filepath"
	"slices"
	"strconv"
)

// build is one program to be given away.
type build struct {
	goos, goarch string
	window       bool     // with the window, which takes cgo
	env          []string // further NAME=value pairs, such as CC
	ldflags      string   // further flags of the linker, such as -H=windowsgui
	tags         string   // build tags, joined by commas
}

// compile builds a program of ./app as it is given away, into r's work folder under name, and gives its path.
//
// Two builds of one commit, with the same Go and the same C compiler, are the same bytes wherever they happen: -trimpath
// takes out the folders, -buildvcs=false what git says of the checkout, -buildid= a number of the linker's that depends on
// both, and every setting of the machine that changes code is set here. TestSameBytes holds it.
func (w *workshop) compile(r *release, b build, name string) (string, error) {
	exe := filepath.Join(r.work, name)
	return exe, w.run(b.environment(r), "go", b.arguments(exe)...)
}

func (b build) arguments(exe string) []string {
	args := []string{"build", "-trimpath", "-buildvcs=false", "-ldflags=" + joinWords("-s -w -buildid=", b.ldflags), "-o", exe}
	if b.tags != "" {
		args = append(args, "-tags="+b.tags)
	}
	return append(args, "./app")
}

func (b build) environment(r *release) []string {
	cgo := "0"
	if b.window {
		cgo = "1"
	}
	env := []string{
		"CGO_ENABLED=" + cgo, "GOOS=" + b.goos, "GOARCH=" + b.goarch,
		"GOFLAGS=", "GOAMD64=v1", "GOARM64=v8.0", "GOEXPERIMENT=", "GO111MODULE=on", "GOWORK=off",
		"CGO_CFLAGS=-O2", "CGO_CXXFLAGS=-O2", "CGO_CPPFLAGS=", "CGO_LDFLAGS=-O2",
		"SOURCE_DATE_EPOCH=" + strconv.FormatInt(r.at.Unix(), 10), // __DATE__ of C
	}
	return slices.Concat(env, b.env)
}

// joinWords joins what is not empty by spaces.
func joinWords(words ...string) string {
	joined := ""
	for _, word := range words {
		if word != "" && joined != "" {
			joined += " "
		}
		joined += word
	}
	return joined
}
