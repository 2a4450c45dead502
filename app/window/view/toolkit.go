package view

import (
	"encoding/json"

	"fyne.io/fyne/v2/lang"

	"rimbalzo/internal/words"
)

// toolkitWords are the sentences that the toolkit shows by itself (dialogs for files, the menu of an entry), under the
// names by which it asks for them. It has no Italian of its own.
var toolkitWords = map[string]string{
	"Cancel": "window.cancel", "Copy": "window.kit.copy", "Create Folder": "window.kit.create", "Cut": "window.kit.cut",
	"Enter filename": "window.kit.name-file", "Error": "window.failed", "Favourites": "window.kit.favourites",
	"File": "window.kit.file", "Folder": "window.kit.folder", "New Folder": "window.kit.new-folder", "No": "window.kit.no",
	"OK": "window.kit.ok", "Open": "window.kit.open", "Paste": "window.kit.paste", "Redo": "window.kit.redo",
	"Save": "window.save", "Select all": "window.kit.all", "Show Hidden Files": "window.kit.hidden", "Undo": "window.kit.undo",
	"Yes": "window.kit.yes", "file.name": "window.kit.name", "file.parent": "window.kit.parent",
}

// teach makes the toolkit speak the language of w. It only ever speaks the system's, so the words are given to it under
// that name. Where it takes them not, it goes on in its own.
func teach(w *words.Words) {
	said := make(map[string]string, len(toolkitWords))
	for name, id := range toolkitWords {
		said[name] = w.T(id)
	}
	if data, err := json.Marshal(said); err == nil {
		_ = lang.AddTranslationsForLocale(data, lang.SystemLocale())
	}
}
