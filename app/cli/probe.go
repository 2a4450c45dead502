package cli

import (
	"context"
	"crypto/x509"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"rimbalzo/internal/probe"
	"rimbalzo/internal/provider"
	"rimbalzo/internal/store/history"
	"rimbalzo/internal/watch"
)

// probeFlags say what to check.
type probeFlags struct {
	accounts, imap, smtp, pop3, mx, web, providers []string
	format, ca                                     string
}

// probe checks servers. Its exit status is that of a Nagios plugin, an exception to the other commands that its help tells:
// bad usage is 3 too, since 2 would say that a server is down.
func (a *app) probe() *cobra.Command {
	w := a.words
	p := &probeFlags{}
	cmd := &cobra.Command{
		Use: "probe", Short: w.T("cli.probe.short"), Long: w.T("cli.probe.long"),
		Args: func(cmd *cobra.Command, args []string) error { return a.unknown(a.noArgs(cmd, args)) },
		RunE: func(cmd *cobra.Command, _ []string) error { return a.unknown(a.runProbe(cmd.Context(), p)) },
	}
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return a.unknown(errUsage{a.flagError(err)}) })
	f := cmd.Flags()
	f.StringArrayVar(&p.accounts, "account", nil, w.T("cli.probe.flag.account"))
	f.StringArrayVar(&p.imap, "imap", nil, w.T("cli.probe.flag.imap"))
	f.StringArrayVar(&p.smtp, "smtp", nil, w.T("cli.probe.flag.smtp"))
	f.StringArrayVar(&p.pop3, "pop3", nil, w.T("cli.probe.flag.pop3"))
	f.StringArrayVar(&p.mx, "mx", nil, w.T("cli.probe.flag.mx"))
	f.StringArrayVar(&p.web, "web", nil, w.T("cli.probe.flag.web"))
	f.StringArrayVar(&p.providers, "provider", nil, w.T("cli.probe.flag.provider"))
	f.StringVar(&p.format, "format", "text", w.T("cli.probe.flag.format"))
	f.StringVar(&p.ca, "ca", "", w.T("cli.probe.flag.ca"))
	return cmd
}

// unknown turns any error into one that ends with status 3: nothing was learned.
func (a *app) unknown(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	text, _ := a.sentence(err)
	return errSaid{text}
}

func (a *app) runProbe(ctx context.Context, p *probeFlags) error {
	if p.format != "text" && p.format != "json" {
		return errUsage{a.words.T("cli.error.format", "Value", clean(p.format), "List", "text, json")}
	}
	targets, err := a.targets(ctx, p)
	if err != nil {
		return err
	}
	if len(targets) == 0 {
		return errUsage{a.words.T("cli.probe.error.nothing")}
	}
	if err := a.knownLine(ctx, targets); err != nil {
		return err
	}
	results := checkAll(ctx, targets)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	now := a.env.Now().In(a.zone)
	a.status = int(worst(results, now))
	if p.format == "json" {
		return a.probeJSON(results, now)
	}
	return a.probeText(results, now)
}

// knownLine has checks of servers that take in mail know what the watcher has found out of port 25 on this line.
func (a *app) knownLine(ctx context.Context, targets []probe.Target) error {
	if !slices.ContainsFunc(targets, func(t probe.Target) bool { return t.Kind == probe.KindMX }) {
		return nil
	}
	dir, err := a.dataDir()
	if err != nil {
		return nil //nolint:nilerr // without a data folder nothing was kept
	}
	if _, err := os.Stat(filepath.Join(dir, "person.db")); errors.Is(err, fs.ErrNotExist) {
		return nil // and looking for it makes no folder
	}
	s, err := a.openStore(ctx)
	if err != nil {
		return err
	}
	known, err := watch.LoadPort25(ctx, history.In(s))
	network, now := watch.LocalNetwork(), a.env.Now()
	for i := range targets {
		known.Apply(&targets[i], network, now)
	}
	return a.closeStore(s, err)
}

// checksAtOnce bounds how many checks run side by side.
const checksAtOnce = 4

// checkAll checks the targets and gives the results in their order.
func checkAll(ctx context.Context, targets []probe.Target) []probe.Result {
	results := make([]probe.Result, len(targets))
	var running sync.WaitGroup
	slots := make(chan struct{}, checksAtOnce)
	for i, t := range targets {
		slots <- struct{}{}
		running.Go(func() {
			results[i] = probe.Check(ctx, t, probe.Deps{})
			<-slots
		})
	}
	running.Wait()
	return results
}

// ranks orders severities as Nagios plugins do where there are several: what is down counts most, and not knowing less
// than a warning.
var ranks = map[probe.Severity]int{probe.SeverityOK: 0, probe.SeverityUnknown: 1, probe.SeverityWarning: 2, probe.SeverityCritical: 3}

// worst gives the severity of several results.
func worst(results []probe.Result, now time.Time) probe.Severity {
	all := probe.SeverityOK
	for _, r := range results {
		if s := r.Severity(now); ranks[s] > ranks[all] {
			all = s
		}
	}
	return all
}

// targets turns the flags into what is checked, each thing once.
func (a *app) targets(ctx context.Context, p *probeFlags) ([]probe.Target, error) {
	var roots *x509.CertPool
	if p.ca != "" {
		var err error
		if roots, err = a.roots(p.ca); err != nil {
			return nil, err
		}
	}
	list, err := a.accountTargets(ctx, p.accounts)
	if err != nil {
		return nil, err
	}
	for _, group := range []struct {
		kind  probe.Kind
		named []string
	}{{probe.KindIMAP, p.imap}, {probe.KindSMTP, p.smtp}, {probe.KindPOP3, p.pop3}} {
		for _, s := range group.named {
			t, err := a.endpoint(group.kind, s)
			if err != nil {
				return nil, err
			}
			list = append(list, t)
		}
	}
	for _, domain := range p.mx {
		list = append(list, probe.Target{Kind: probe.KindMX, Host: strings.ToLower(domain)})
	}
	for _, page := range p.web {
		list = append(list, probe.Target{Kind: probe.KindWeb, Host: page})
	}
	for _, id := range p.providers {
		preset, err := a.preset(id)
		if err != nil {
			return nil, err
		}
		list = append(list, presetTargets(preset)...)
	}
	list = once(list, roots)
	book, err := a.accountList()
	if err != nil {
		return nil, err
	}
	compareLines(list, book)
	return list, nil
}

// once takes out what is named twice, and lets the rest trust roots where they are given.
func once(list []probe.Target, roots *x509.CertPool) (targets []probe.Target) {
	seen := map[string]bool{}
	for _, t := range list {
		key := string(t.Kind) + " " + t.Label()
		if seen[key] {
			continue
		}
		seen[key] = true
		if roots != nil {
			t.Roots = roots
		}
		targets = append(targets, t)
	}
	return targets
}

// endpoint reads HOST:PORT, or HOST with the usual port.
func (a *app) endpoint(kind probe.Kind, text string) (probe.Target, error) {
	t := probe.Target{Kind: kind, Host: text}
	if host, port, err := net.SplitHostPort(text); err == nil {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 || host == "" {
			return t, errUsage{a.words.T("cli.probe.error.endpoint", "Value", clean(text))}
		}
		t.Host, t.Port = host, int(n)
	} else if text == "" || strings.ContainsAny(text, "/@ ") {
		return t, errUsage{a.words.T("cli.probe.error.endpoint", "Value", clean(text))}
	}
	return t, nil
}

// preset finds a provider by its id, or by one of its domains.
func (a *app) preset(id string) (provider.Preset, error) {
	known := provider.Builtin()
	ids := []string{}
	for _, p := range known.Presets() {
		if strings.EqualFold(p.ID, id) {
			return p, nil
		}
		ids = append(ids, p.ID)
	}
	if p, ok := known.PresetFor(id); ok {
		return p, nil
	}
	return provider.Preset{}, errUsage{a.words.T("cli.probe.error.provider", "ID", clean(id), "List", strings.Join(ids, ", "))}
}

// presetTargets are a provider's servers, that which takes in mail for the first of its domains, and its webmail.
func presetTargets(p provider.Preset) (list []probe.Target) {
	for _, e := range []struct {
		kind probe.Kind
		at   *provider.Endpoint
	}{{probe.KindIMAP, p.IMAP}, {probe.KindSMTP, p.SMTP}, {probe.KindPOP3, p.POP3}} {
		if e.at != nil {
			security := probe.SecurityTLS
			if e.at.TLS == "starttls" {
				security = probe.SecurityStartTLS
			}
			list = append(list, probe.Target{Kind: e.kind, Host: e.at.Host, Port: e.at.Port, Security: security})
		}
	}
	if len(p.Domains) > 0 {
		list = append(list, probe.Target{Kind: probe.KindMX, Host: p.Domains[0]})
	}
	if p.Web != "" {
		list = append(list, probe.Target{Kind: probe.KindWeb, Host: p.Web})
	}
	return list
}
