package main

import (
	"testing"

	"github.com/BurntSushi/toml"
)

// TestIdentity holds the binary to FyneApp.toml, the one place for the program's identity.
func TestIdentity(t *testing.T) {
	var file struct {
		Details struct{ ID, Version string }
	}
	if _, err := toml.DecodeFile("../FyneApp.toml", &file); err != nil {
		t.Fatal(err)
	}
	if file.Details.Version != version || file.Details.ID != appID {
		t.Errorf("FyneApp.toml says %s %s, the program %s %s", file.Details.ID, file.Details.Version, appID, version)
	}
}
