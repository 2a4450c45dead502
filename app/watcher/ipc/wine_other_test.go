//go:build !windows

package ipc

import "testing"

func notOnWine(*testing.T) {}
