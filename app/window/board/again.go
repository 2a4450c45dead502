package board

import (
	"io"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/resend"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
)

// again is what helps to send a message again: a copy, where the original lies, and how it is done in each mail program. Nothing
// of it is prepared before the person asks for it.
type again struct {
	b       *Page
	client  string // whose steps are shown
	item    *advice.Item
	open    bool // asked for, though the advice is another
	looking *session.Errand
	failed  string
	copies  []resend.Copy
	seen    help // what the parts in view depend on
	finding bool // where the original lies is in view
	telling bool // the steps are
	root    *fyne.Container
}

func newAgain(b *Page) *again {
	return &again{b: b, client: resend.Clients[0], root: container.NewVBox()}
}

// forget lets go of what was prepared for another message.
func (a *again) forget() {
	a.looking.Stop()
	a.item, a.open, a.looking, a.failed, a.copies = nil, false, nil, "", nil
}

// help is what of an item says which help there is.
type help struct {
	verdict advice.Verdict
	peril   string
}

// show gives the help for an item. Where it is the item of before, come with another reading of the mail, what the person asked
// for goes on and stays in view, and so does what has the keys.
func (a *again) show(it *advice.Item) fyne.CanvasObject {
	if !sameMessage(a.item, it) {
		a.forget()
	}
	same := a.item != nil
	a.item, a.open = it, a.open || a.asked()
	if seen := (help{it.Verdict, a.b.expl.Peril(it)}); !same || seen != a.seen {
		a.seen = seen
		a.rebuild()
	}
	return a.root
}

// asked reports whether a copy is being made, was made, or could not be.
func (a *again) asked() bool { return a.looking != nil || a.copies != nil || a.failed != "" }

// sameMessage reports whether two items, perhaps of two readings, are about one message and recipient.
func sameMessage(a, b *advice.Item) bool {
	return a == b || a != nil && b != nil && checklist.Key(a) == checklist.Key(b)
}

// wanted reports whether the help is in view: where the advice is to send again, or the person asked for it.
func (a *again) wanted() bool { return a.open || a.item.Verdict == advice.Resend }

func (a *again) rebuild() {
	a.root.RemoveAll()
	w := a.b.Words
	a.root.Add(widget.NewSeparator())
	if !a.wanted() {
		a.root.Add(kit.Inset(pills(kit.NewPill(w.T("board.again.anyway"), "resend", func() {
			a.open = true
			a.renew()
		}))))
		return
	}
	a.root.Add(kit.Bold(w.T("board.again")))
	if peril := a.b.expl.Peril(a.item); peril != "" {
		a.root.Add(a.peril(peril))
	}
	for _, part := range a.copying() {
		a.root.Add(part)
	}
	a.root.Add(kit.Inset(pills(
		a.turn("board.again.clue", &a.finding), a.turn("board.again.how", &a.telling),
	)))
	if a.finding {
		a.root.Add(a.find())
	}
	if a.telling {
		a.root.Add(a.steps())
	}
	a.root.Refresh()
}

// renew shows the help anew. What had the keys in it is gone: they go to the text, which they move.
func (a *again) renew() {
	a.rebuild()
	a.b.Why.body.Refresh()
	a.b.focus(a.b.Why.reader)
}

// turn shows and hides a part.
func (a *again) turn(id string, part *bool) *kit.Pill {
	p := kit.NewPill(a.b.Words.T(id), "", nil)
	p.Chosen = *part
	p.OnTapped = func() {
		*part = !*part
		a.renew()
	}
	return p
}

// peril is the red word, with a sign and a word that say the same without the colour.
func (a *again) peril(text string) fyne.CanvasObject {
	icon := widget.NewIcon(kit.Symbol("story-warned", theme.ColorNameError))
	title, what := kit.Bold(a.b.Words.T("board.peril")), kit.Text(text)
	title.Importance, what.Importance = widget.DangerImportance, widget.DangerImportance
	mark := container.New(layout.NewCustomPaddedLayout(7, 0, theme.InnerPadding(), 0), container.NewVBox(icon))
	return kit.Box(container.NewBorder(nil, nil, mark, nil, kit.Tight(title, what)))
}

// copying offers the copy, tells that the original is looked for, or gives what was made.
func (a *again) copying() []fyne.CanvasObject {
	w := a.b.Words
	switch {
	case a.b.Copies == nil:
		return nil
	case a.looking != nil:
		stop := kit.NewPill(w.T("board.again.stop"), "", func() {
			a.looking.Stop()
			a.looking = nil
			a.renew()
		})
		return []fyne.CanvasObject{kit.Box(kit.Tight(kit.Text(w.T("board.again.looking")), widget.NewProgressBarInfinite(), kit.Inset(pills(stop))))}
	case a.copies != nil:
		return a.made()
	}
	var list []fyne.CanvasObject
	if a.failed != "" {
		list = append(list, kit.Box(kit.Tight(kit.Bold(w.T("board.again.failed")), kit.Text(a.failed))))
	}
	make := widget.NewButton(w.T("board.again.copy"), a.start)
	if a.b.expl.Peril(a.item) == "" {
		make.Importance = widget.HighImportance
	}
	return append(list, kit.Inset(container.NewHBox(make)), kit.Quiet(w.T("board.again.copy-what")))
}

// start makes the copies, after asking where somebody could get the message twice.
func (a *again) start() {
	peril := a.b.expl.Peril(a.item)
	if peril == "" || a.b.Window == nil {
		a.look()
		return
	}
	w, of := a.b.Words, a.item
	d := dialog.NewCustomConfirm(w.T("board.peril.ask"), w.T("board.peril.yes"), w.T("board.peril.no"), a.peril(peril), func(yes bool) {
		if yes && sameMessage(of, a.item) { // the yes is for no other message
			a.look()
		}
	}, a.b.Window)
	d.SetConfirmImportance(widget.DangerImportance)
	d.Resize(fyne.NewSize(min(480, a.b.Window.Canvas().Size().Width-40), 210))
	a.b.ask(d)
}

// look looks for the original beside the toolkit's goroutine and makes the copies.
func (a *again) look() {
	b := a.b
	known := b.Sheet.Index.Same(a.item)
	take, _ := resend.Choose(known, false, false, checklist.Options{Words: b.Words, Zone: b.Zone, Ticks: b.Ticks})
	if !has(take, a.item) { // against the advice: for this recipient alone, whom the person has been asked about
		take = []*advice.Item{a.item}
	}
	a.failed, a.copies = "", nil
	a.looking = b.errands.Go(func(r *session.Errand) func() {
		copies, err := b.Copies(r.Context(), session.Chosen{For: take, Known: known, At: b.Report.At, Words: b.Words})
		return func() {
			a.looking = nil
			switch {
			case err != nil: // one that the person stopped never comes here
				a.failed = session.Lines(b.failed(err), maxFailure)
			case len(copies) == 0:
				a.failed = b.Words.T("board.again.nothing")
			default:
				a.copies = copies
			}
			a.renew()
		}
	})
	a.renew()
}

// maxFailure is how much of an error is shown, in characters: it may quote a server.
const maxFailure = 600

func has(list []*advice.Item, it *advice.Item) bool {
	for _, other := range list {
		if other == it {
			return true
		}
	}
	return false
}

// made shows the copies: whom each is for, what it is made from, what is missing.
func (a *again) made() []fyne.CanvasObject {
	w := a.b.Words
	var list []fyne.CanvasObject
	for i, c := range a.copies {
		content := kit.Tight(kit.Bold(w.T("board.again.for", "Recipients", people(c.To))))
		if len(a.copies) > 1 && i > 0 {
			content.Add(kit.Quiet(w.T("board.again.alone")))
		}
		complete := kit.Text(w.T("board.again.complete"))
		if !c.Complete {
			complete = kit.Bold(w.T("board.again.incomplete"))
			complete.Importance = widget.DangerImportance
		}
		content.Add(complete)
		for _, said := range c.Says(w) {
			content.Add(kit.Text(said))
		}
		if c.Trouble != nil {
			content.Add(kit.Quiet(session.Lines(a.b.failed(c.Trouble), maxFailure)))
		}
		if i == 0 && len(c.Got) > 0 {
			content.Add(kit.Text(w.T("board.again.got", "Recipients", people(c.Got))))
		}
		if i == 0 && len(c.Others) > 0 {
			content.Add(kit.Text(w.T("board.again.others", "Recipients", people(c.Others))))
		}
		content.Add(kit.Inset(a.hand(c)))
		list = append(list, kit.Box(content))
	}
	if len(a.copies) > 1 && a.b.SaveAs != nil {
		list = append(list, kit.Inset(pills(kit.NewPill(w.N("board.again.save-all", len(a.copies)), "export", a.saveAll))), kit.Quiet(w.T("board.again.save-all-what")))
	}
	return list
}

// saveAll puts all copies into one file, with a text that says which is for whom.
func (a *again) saveAll() {
	b, copies, of := a.b, a.copies, a.item
	r := b.Report
	r.Items = nil
	for _, it := range b.Sheet.Index.Same(of) {
		r.Items = append(r.Items, *it)
	}
	o := checklist.Options{Words: b.Words, Zone: b.Zone}
	b.SaveAs(strings.TrimSuffix(copies[0].Name, "-1.eml")+".zip", func(out io.Writer) error { return resend.Bundle(out, copies, of, r, o) })
}

// hand gives the ways in which a copy leaves the program: as a file, and a short text as a link.
func (a *again) hand(c resend.Copy) fyne.CanvasObject {
	w := a.b.Words
	row := container.NewVBox()
	if a.b.SaveAs != nil {
		row.Add(pills(kit.NewPill(w.T("board.again.save"), "export", func() {
			a.b.SaveAs(c.Name, func(out io.Writer) error {
				_, err := c.WriteTo(out)
				return err
			})
		})))
	}
	link, ok := resend.MailTo(c)
	if !ok {
		return row
	}
	row.Add(kit.Quiet(w.T("board.again.mailto")))
	line := pills()
	if a.b.Open != nil {
		line.Add(kit.NewPill(w.T("board.again.mailto-open"), "resend", func() { a.b.Open(link) }))
	}
	line.Add(a.copyPill(w.T("board.again.mailto-copy"), link))
	row.Add(line)
	return row
}

// people names addresses in a sentence.
func people(addresses []string) string {
	list := make([]string, 0, len(addresses))
	for _, address := range addresses {
		list = append(list, session.Line(address, session.MaxAddress))
	}
	return session.Line(strings.Join(list, ", "), maxPeople)
}

// maxPeople bounds a list of addresses in a sentence, in characters.
const maxPeople = 1000

// find says where the original lies among the sent mail, each word of it with a button that copies it.
func (a *again) find() fyne.CanvasObject {
	w := a.b.Words
	folder := ""
	for _, c := range a.copies {
		folder = c.Folder
	}
	clue := resend.ClueOf(a.item, folder, w, a.b.Zone)
	list := kit.Tight(kit.Bold(w.T("board.again.find")))
	add := func(id, text string) {
		if text == "" {
			return
		}
		value := kit.Text(text)
		value.Selectable = true
		name := kit.Quiet(w.T(id))
		list.Add(container.NewBorder(nil, nil, nil, container.NewVBox(a.copyPill(w.T("board.again.copy-it"), text)), kit.Tight(name, value)))
	}
	add("board.again.subject", clue.Subject)
	add("board.again.sent", clue.Sent)
	add("board.again.folder", clue.Folder)
	if clue.Search != clue.Subject {
		add("board.again.type", clue.Search)
	}
	if a.item.MessageID != "" {
		add("board.again.id", session.Line(a.item.MessageID, maxID))
	}
	return kit.Box(list)
}

// maxID bounds a Message-ID that is shown, in characters (RFC 5322 section 2.1.1 bounds its line).
const maxID = 998

// steps says how it is done, in the mail program that the person chose last.
func (a *again) steps() fyne.CanvasObject {
	w := a.b.Words
	choice := container.New(&kit.Flow{Width: 280})
	told := kit.Tight()
	var all []*kit.Pill
	show := func(client string) {
		a.client = client
		for i, p := range all {
			p.Set(p.Text, resend.Clients[i] == client)
		}
		told.RemoveAll()
		for i, step := range resend.Steps(w, client) {
			told.Add(container.NewBorder(nil, nil, widget.NewLabel(w.Number(i+1)+"."), nil, kit.Text(step)))
		}
	}
	for _, client := range resend.Clients {
		p := kit.NewPill(resend.ClientName(w, client), "", func() {
			show(client)
			a.b.Why.body.Refresh()
		})
		all = append(all, p)
		choice.Add(p)
	}
	show(a.client)
	return container.NewVBox(kit.Bold(w.T("board.again.with")), kit.Inset(choice), told)
}

// copyPill puts text on the clipboard, and says that it did.
func (a *again) copyPill(label, text string) *kit.Pill {
	p := kit.NewPill(label, "copy", nil)
	p.OnTapped = func() {
		a.b.Copied(text)
		p.Set(a.b.Words.T("window.copied"), false)
	}
	return p
}

// pills stand beside each other as far as there is room.
func pills(list ...*kit.Pill) *fyne.Container {
	row := container.New(&kit.Flow{Width: 280})
	for _, p := range list {
		row.Add(p)
	}
	return row
}
