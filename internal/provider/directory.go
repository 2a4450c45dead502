package provider

import (
	"embed"
	"fmt"
	"net/mail"
	"strings"
	"sync"
	"time"

	"github.com/BurntSushi/toml"
)

//go:embed data/*.toml
var files embed.FS

// Directory is everything that the program knows of providers and sending servers. It is safe for use by several
// goroutines, and it is not to be changed.
type Directory struct {
	operators map[string]Operator // by domain
	hosts     map[string][]string // by operator id
	presets   map[string]Preset   // by domain
	receivers map[string]Preset   // by the name that its receiving servers have or end in
	senders   map[string]Sender   // by id
	folders   map[string]string   // folder name, lower case, to role
	wrote     []rule
	relayed   []rule
	composed  []rule
}

// Builtin is the directory that comes with the program.
func Builtin() *Directory { return builtin() }

// The files are part of the program and a test loads them, so an error here would be a broken build. Then the directory
// is empty and everything is unknown, which callers have to bear anyway.
var builtin = sync.OnceValue(func() *Directory {
	d, err := load()
	if err != nil {
		return &Directory{}
	}
	return d
})

// load reads the embedded files.
func load() (*Directory, error) {
	d := &Directory{
		operators: map[string]Operator{}, hosts: map[string][]string{}, presets: map[string]Preset{}, receivers: map[string]Preset{},
		senders: map[string]Sender{}, folders: map[string]string{},
	}
	for _, step := range []func() error{d.loadOperators, d.loadPresets, d.loadSenders, d.loadFolders, d.loadRules} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// read decodes one embedded file and refuses keys that nothing reads.
func read(name string, into any) error {
	meta, err := toml.DecodeFS(files, "data/"+name, into)
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	if extra := meta.Undecoded(); len(extra) > 0 {
		return fmt.Errorf("reading %s: key %s has no meaning", name, extra[0])
	}
	return nil
}

func (d *Directory) loadOperators() error {
	var file struct {
		Operator []Operator `toml:"operator"`
	}
	if err := read("operators.toml", &file); err != nil {
		return err
	}
	for _, o := range file.Operator {
		d.hosts[o.ID] = o.Hosts
		for _, domain := range o.Domains {
			d.operators[domain] = o
		}
	}
	return nil
}

func (d *Directory) loadPresets() error {
	var file struct {
		Preset []Preset `toml:"preset"`
	}
	if err := read("presets.toml", &file); err != nil {
		return err
	}
	for _, p := range file.Preset {
		for _, domain := range p.Domains {
			d.presets[domain] = p
		}
		for _, suffix := range p.MX {
			d.receivers[suffix] = p
		}
	}
	return nil
}

func (d *Directory) loadSenders() error {
	var file struct {
		Sender []Sender `toml:"sender"`
	}
	if err := read("senders.toml", &file); err != nil {
		return err
	}
	for _, s := range file.Sender {
		d.senders[s.ID] = s
	}
	return nil
}

// maxHost is the longest domain name there is (RFC 1035 section 2.3.4), with a dot at its end.
const maxHost = 255

// OperatorOf is the operator that runs a mail domain. A subdomain counts only where it is listed itself.
func (d *Directory) OperatorOf(domain string) (Operator, bool) {
	o, ok := d.operators[hostName(domain)]
	return o, ok
}

// RunsHost reports whether a mail server's name belongs to an operator: it is one of the operator's hosts or ends in one.
func (d *Directory) RunsHost(operatorID, host string) bool {
	host = hostName(host)
	for _, suffix := range d.hosts[operatorID] {
		if host == suffix || strings.HasSuffix(host, "."+suffix) {
			return true
		}
	}
	return false
}

// PresetFor is what is known of the client access for a mail domain, or for an address's domain.
func (d *Directory) PresetFor(domainOrAddress string) (Preset, bool) {
	if len(domainOrAddress) > 2*maxHost {
		return Preset{}, false
	}
	if strings.Contains(domainOrAddress, "@") {
		if a, err := mail.ParseAddress(domainOrAddress); err == nil {
			domainOrAddress = a.Address
		}
		domainOrAddress = domainOrAddress[strings.LastIndexByte(domainOrAddress, '@')+1:]
	}
	p, ok := d.presets[hostName(domainOrAddress)]
	return p, ok
}

// PresetByMX is what is known of the provider that a domain's mail is received by, from the name of a receiving server; the
// longest name that it has or ends in decides. It is how people with a domain of their own are known.
func (d *Directory) PresetByMX(host string) (Preset, bool) {
	for host = hostName(host); host != ""; _, host, _ = strings.Cut(host, ".") {
		if p, ok := d.receivers[host]; ok {
			return p, true
		}
	}
	return Preset{}, false
}

// hostName brings a domain name into the form of the data; "" where it is too long to be one.
func hostName(s string) string {
	if len(s) > maxHost {
		return ""
	}
	return strings.ToLower(strings.TrimSuffix(strings.TrimSpace(s), "."))
}

// GiveUpAt is when the sender stops trying a message that it took at sent; false where no source tells its give-up time,
// and then FallbackGiveUp is the best there is. Where it counts the destination's failure (DestinationClock) it is the
// latest instant: a message that comes late into a long failure is given up sooner.
func (s Sender) GiveUpAt(sent time.Time) (time.Time, bool) {
	d := s.GiveUp
	for _, h := range s.Earlier {
		if sent.Before(h.Before) {
			d = h.GiveUp
			break
		}
	}
	if d <= 0 {
		return time.Time{}, false
	}
	return sent.Add(d), true
}
