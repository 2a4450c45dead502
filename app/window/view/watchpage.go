package view

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/accounts"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/provider"
)

// watchable are the providers that can be watched, by their names: those of which a server is known.
func watchable() (names []string, ids map[string]string) {
	ids = map[string]string{}
	for _, p := range provider.Builtin().Presets() {
		if p.Operator != "" && (p.IMAP != nil || p.SMTP != nil || len(p.MX) > 0) {
			names = append(names, p.Name)
			ids[p.Name] = p.ID
		}
	}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	return names, ids
}

// watchPage offers to watch a provider without an account there.
func (f *Frame) watchPage() fyne.CanvasObject {
	w := f.p.Words
	names, ids := watchable()
	wrong := f.complaint()
	choice := widget.NewSelect(names, nil)
	choice.PlaceHolder = w.T("accountspage.watch.which")
	add := widget.NewButton(w.T("accountspage.watch.add"), func() {
		if choice.Selected == "" {
			f.complain(&session.Refusal{ID: "accountspage.watch.none"}, wrong)
			return
		}
		f.keepWatched(ids[choice.Selected], wrong)
	})
	add.Importance = widget.HighImportance
	f.first = choice
	return kit.Page(kit.PageWidth,
		kit.Heading(w.T("accountspage.watch"), theme.SizeNameHeadingText), kit.Text(w.T("accountspage.watch.what")),
		kit.Inset(choice), wrong,
		container.NewHBox(layout.NewSpacer(), widget.NewButton(w.T("window.back"), f.openAccounts), add),
	)
}

// keepWatched keeps a provider as one that is watched.
func (f *Frame) keepWatched(name string, wrong *widget.Label) {
	acc, _ := accounts.Watched(name)
	f.errands.Go(func(*session.Errand) func() {
		err := f.p.Desk.Put(acc)
		return func() {
			if err != nil {
				f.complain(err, wrong)
				return
			}
			f.tellAccounts()
			f.openAccounts()
		}
	})
}
