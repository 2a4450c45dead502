package oauth

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/BurntSushi/toml"
)

// Who builds the program for others registers it at the providers and sets these:
//
//	go build -ldflags "-X rimbalzo/internal/account/oauth.googleID=… -X rimbalzo/internal/account/oauth.googleSecret=…
//	  -X rimbalzo/internal/account/oauth.microsoftID=…" ./app
var googleID, googleSecret, microsoftID string

// SettingsFile is the name of the person's settings in the data folder. This room reads its tables [oauth.google] and
// [oauth.microsoft], each with the keys client_id and, for Google, client_secret.
const SettingsFile = "settings.toml"

// maxSettings bounds the settings file, in bytes.
const maxSettings = 64 << 10

// registered is one table of the settings file.
type registered struct {
	ID     string `toml:"client_id"`
	Secret string `toml:"client_secret"`
}

// ClientFor gives the client for a provider: the one in the settings file in the folder dir, else the one that the program
// was built with. Without either it fails with [ErrNoClient], before anything is asked of anybody.
func ClientFor(dir string, p Provider) (Client, error) {
	own, err := readSettings(filepath.Join(dir, SettingsFile))
	if err != nil {
		return Client{}, &Error{Provider: p.Name, Kind: "settings", Path: filepath.Join(dir, SettingsFile), Err: err}
	}
	if r := own[p.ID]; r.ID != "" {
		return Client{ID: r.ID, Secret: r.Secret}, nil
	}
	built := map[string]Client{"google": {ID: googleID, Secret: googleSecret}, "microsoft": {ID: microsoftID}}
	if c := built[p.ID]; c.ID != "" {
		return c, nil
	}
	return Client{}, &Error{Provider: p.Name, Kind: "no-client", Err: ErrNoClient}
}

// readSettings reads the clients that the person registered; none where there is no such file.
func readSettings(path string) (map[string]registered, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the settings: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSettings+1))
	if err != nil {
		return nil, fmt.Errorf("read the settings: %w", err)
	}
	if len(text) > maxSettings {
		return nil, fmt.Errorf("read the settings: longer than %d bytes", maxSettings)
	}
	return parseSettings(text)
}

// parseSettings reads the tables of this room; other tables belong to other rooms. The text may hold secrets, so that
// only the place of a fault is told and never the line.
func parseSettings(text []byte) (map[string]registered, error) {
	var file struct {
		OAuth map[string]registered `toml:"oauth"`
	}
	if err := toml.Unmarshal(text, &file); err != nil {
		var parse toml.ParseError
		if errors.As(err, &parse) {
			return nil, fmt.Errorf("read the settings: line %d is not TOML", parse.Position.Line)
		}
		return nil, errors.New("read the settings: a key has a value of the wrong kind")
	}
	for id, r := range file.OAuth {
		if _, ok := ByID(id); !ok {
			return nil, fmt.Errorf("read the settings: there is no provider %.40q", id)
		}
		if r.ID == "" {
			return nil, fmt.Errorf("read the settings: [oauth.%s] has no client_id", id)
		}
	}
	return file.OAuth, nil
}
