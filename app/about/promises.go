package about

import "rimbalzo/internal/words"

// Licence is the program's own, by its SPDX name; a test holds it to FyneApp.toml.
const Licence = "MIT"

// promises are the last parts of the ids of their sentences.
var promises = []string{"reads", "sends", "passwords", "servers", "telemetry", "updates"}

// Promises are what the program never does, a sentence each.
func Promises(w *words.Words) (list []string) {
	for _, p := range promises {
		list = append(list, w.T("about.promise."+p))
	}
	return list
}
