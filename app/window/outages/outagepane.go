package outages

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"rimbalzo/app/window/cite"
	"rimbalzo/app/window/kit"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/words"
)

// Pane shows one outage on its time axis, with a choice where the mail touches several.
type Pane struct {
	words   *words.Words
	zone    *time.Location
	citer   cite.Citer
	onPhase func(outage, phase string) // "" for all phases
	expl    session.Explainer

	outages []checklist.OutageCount
	at      time.Time
	chosen  int    // which outage is shown
	phase   string // which phase is chosen, "" for none
	Axis    *axis
	Body    *fyne.Container
	all     *kit.Pill
	Talk    *kit.Pill // between the phases and what the provider said
	talking bool      // what the provider said is shown
}

func NewPane(w *words.Words, zone *time.Location, copied func(string), onPhase func(outage, phase string)) *Pane {
	p := &Pane{words: w, zone: zone, citer: cite.Citer{Words: w, Copied: copied}, onPhase: onPhase, Body: container.NewStack()}
	p.Talk = kit.NewPill("", "", func() {
		p.talking = !p.talking
		p.build()
	})
	p.all = kit.NewPill(w.T("window.all-phases"), "", func() { p.tapped(-1) })
	return p
}

// Load shows the outages of another report, keeping the choice where it can.
func (p *Pane) Load(outages []checklist.OutageCount, at time.Time, f session.Filter, expl session.Explainer) {
	p.expl = expl
	keep := ""
	if p.chosen < len(p.outages) {
		keep = p.outages[p.chosen].Outage.ID
	}
	if f.Outage != "" {
		keep = f.Outage
	}
	p.outages, p.at, p.chosen, p.phase = outages, at, busiest(outages), f.Phase
	for i, o := range outages {
		if o.Outage.ID == keep {
			p.chosen = i
		}
	}
	p.build()
}

// busiest gives the outage in which most of the mail fell.
func busiest(outages []checklist.OutageCount) int {
	best, most := 0, -1
	for i, o := range outages {
		n := 0
		for _, c := range o.Phases {
			n += c.Messages
		}
		if n > most {
			best, most = i, n
		}
	}
	return best
}

func (p *Pane) build() {
	if len(p.outages) == 0 {
		p.Axis = nil
		p.Body.Objects = []fyne.CanvasObject{kit.Text(p.words.T("window.no-outage"))}
		p.Body.Refresh()
		return
	}
	data := session.NewAxis(p.outages[p.chosen], p.at, p.words, p.zone)
	head := container.NewVBox()
	if len(p.outages) > 1 {
		head.Add(p.choice())
	}
	head.Add(kit.Tight(kit.Heading(data.Name, theme.SizeNameSubHeadingText), kit.Quiet(data.Dates)))
	p.Axis = newAxis(data, p.words.T("window.now"), p.tapped)
	p.mark()
	provider := p.expl.Provider(&p.outages[p.chosen].Outage)
	p.talking = p.talking && provider != nil
	kit.SetVisible(p.Talk, provider != nil)
	var page fyne.CanvasObject = container.NewVScroll(p.Axis)
	below := []fyne.CanvasObject{p.Talk, p.all}
	p.Talk.Set(p.words.T("window.provider"), false)
	if p.talking {
		page, below = p.citer.ProviderPage(provider), below[:1]
		p.Talk.Set(p.words.T("window.back-to-phases"), true)
	}
	p.Body.Objects = []fyne.CanvasObject{container.NewBorder(head, container.New(&kit.Flow{Width: 240}, below...), nil, nil, page)}
	p.Body.Refresh()
}

func (p *Pane) choice() fyne.CanvasObject {
	names := make([]string, len(p.outages))
	for i, o := range p.outages {
		names[i] = o.Outage.Name.In(p.words.Lang())
	}
	pick := widget.NewSelect(names, nil)
	pick.SetSelectedIndex(p.chosen)
	pick.OnChanged = func(string) {
		p.chosen, p.phase = pick.SelectedIndex(), ""
		p.build()
		p.onPhase("", "")
	}
	return pick
}

// tapped chooses a phase, or lets go of it when it is chosen already.
func (p *Pane) tapped(phase int) {
	o := p.outages[p.chosen].Outage
	if phase < 0 || o.Phases[phase].ID == p.phase {
		p.phase = ""
		p.mark()
		p.onPhase("", "")
		return
	}
	p.phase = o.Phases[phase].ID
	p.mark()
	p.onPhase(o.ID, p.phase)
}

func (p *Pane) mark() {
	chosen := -1
	for i, ph := range p.outages[p.chosen].Outage.Phases {
		if ph.ID == p.phase {
			chosen = i
		}
	}
	p.Axis.choose(chosen)
	kit.SetVisible(p.all, chosen >= 0)
}
