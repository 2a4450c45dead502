package oauth

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestClientFor(t *testing.T) {
	google, _ := ByID("google")
	microsoft, _ := ByID("microsoft")
	for name, tc := range map[string]struct {
		settings string
		built    string
		provider Provider
		id, kind string
	}{
		"neither":              {"", "", google, "", "no-client"},
		"built in":             {"", "from-the-build", google, "from-the-build", ""},
		"the person's own":     {"[oauth.google]\nclient_id = \"own\"\nclient_secret = \"s\"\n", "from-the-build", google, "own", ""},
		"of the other":         {"[oauth.google]\nclient_id = \"own\"\n", "", microsoft, "", "no-client"},
		"beside other tables":  {"[window]\nwide = true\n[oauth.microsoft]\nclient_id = \"ms\"\n", "", microsoft, "ms", ""},
		"not TOML":             {"[oauth.google]\nclient_secret = \"" + canary + "\n", "", google, "", "settings"},
		"a number":             {"[oauth.google]\nclient_id = 12\nclient_secret = \"" + canary + "\"\n", "", google, "", "settings"},
		"no id":                {"[oauth.google]\nclient_secret = \"" + canary + "\"\n", "", google, "", "settings"},
		"nobody knows":         {"[oauth.yahoo]\nclient_id = \"x\"\n", "", google, "", "settings"},
		"far too long":         {strings.Repeat("# "+canary+"\n", 10_000), "", google, "", "settings"},
		"an empty file":        {"\n", "", google, "", "no-client"},
		"Microsoft's built in": {"", "from-the-build", microsoft, "from-the-build", ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if tc.settings != "" {
				if err := os.WriteFile(filepath.Join(dir, SettingsFile), []byte(tc.settings), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			googleID, microsoftID = tc.built, tc.built
			t.Cleanup(func() { googleID, microsoftID = "", "" })
			c, err := ClientFor(dir, tc.provider)
			if c.ID != tc.id {
				t.Errorf("client %q, want %q", c.ID, tc.id)
			}
			if tc.kind == "" && err == nil {
				return
			}
			checkError(t, err, tc.kind, nil)
			if errors.Is(err, ErrNoClient) != (tc.kind == "no-client") {
				t.Error(err)
			}
		})
	}
}

func TestGrantIsKeptSmall(t *testing.T) {
	// Microsoft's refresh tokens were seen up to 1,700 characters long; Windows keeps 2,560 bytes.
	long := Grant{Provider: "microsoft", Refresh: strings.Repeat("0.AX-_", 380)}
	text := long.Encode()
	if len(text) > 2560 {
		t.Errorf("%d bytes", len(text))
	}
	if got, err := ParseGrant(text); err != nil || got.Refresh != long.Refresh || got.Provider != "microsoft" {
		t.Errorf("%v", err)
	}
	for _, shown := range []string{fmt.Sprint(long), fmt.Sprintf("%+v", long), fmt.Sprintf("%#v", long)} {
		if strings.Contains(shown, "0.AX") {
			t.Errorf("a grant prints its token: %.60s", shown)
		}
	}
	for _, bad := range []string{"", "a password", "{}", `{"oauth":"google"}`, `{"oauth":"yahoo","r":"x"}`, strings.Repeat("{", maxGrant+1)} {
		if _, err := ParseGrant(bad); err == nil {
			t.Errorf("%.30q is taken for a grant", bad)
		}
	}
}

// FuzzSettings holds the settings' reader to end in clients with an id or in an error that repeats nothing.
func FuzzSettings(f *testing.F) {
	f.Add("[oauth.google]\nclient_id = \"a\"\n")
	f.Add("[oauth]\ngoogle = 1\n")
	f.Add("oauth = [[[[[[[[\"")
	f.Fuzz(func(t *testing.T, text string) {
		clients, err := parseSettings([]byte("# " + canary + "\n" + text))
		if err != nil && strings.Contains(err.Error(), canary) {
			t.Errorf("the settings are repeated: %v", err)
		}
		for id, c := range clients {
			if err == nil && (c.ID == "" || (id != "google" && id != "microsoft")) {
				t.Errorf("%s: %+v", id, c)
			}
		}
	})
}
