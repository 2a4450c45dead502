package main

import (
	"testing"

	"github.com/BurntSushi/toml"
)

// TestIdentity holds the binary to FyneApp.toml, the one place for the program's identity.
func TestIdentity(t *testing.T) {
	var file struct {
		Website string
		Details struct{ ID, Version string }
	}
	if _, err := toml.DecodeFile("../FyneApp.toml", &file); err != nil {
		t.Fatal(err)
	}
	if file.Details.Version != version || file.Details.ID != appID || file.Website != homepage {
		t.Errorf("FyneApp.toml says %+v, the program %s %s %s", file, appID, version, homepage)
	}
}
