package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rimbalzo/app/watcher"
	"rimbalzo/app/watcher/ipc"
	"rimbalzo/app/window/session"
	"rimbalzo/internal/probe"
	"rimbalzo/internal/store/history"
	"rimbalzo/internal/watch"
)

// connections tells of every server that the program talks to how often it did today, why, how that went, and when it is
// next. Without a watcher it goes by what was kept.
func (a *app) connections() *cobra.Command {
	w := a.words
	cmd := &cobra.Command{Use: "connections", Short: w.T("connections.short"), Long: w.T("connections.long"), Args: a.noArgs}
	format := cmd.Flags().String("format", "text", w.T("status.flag.format"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if *format != "text" && *format != "json" {
			return errUsage{w.T("cli.error.format", "Value", clean(*format), "List", "text, json")}
		}
		c, err := a.contacts(cmd.Context())
		if err != nil {
			return err
		}
		if *format == "json" {
			enc := json.NewEncoder(a.env.Stdout)
			enc.SetIndent("", " ")
			return enc.Encode(c)
		}
		_, err = io.WriteString(a.env.Stdout, a.contactsText(c))
		return err
	}
	return cmd
}

// contacts gathers today's contacts.
func (a *app) contacts(ctx context.Context) (watcher.Contacts, error) {
	now := a.env.Now().In(a.zone)
	var running *watcher.Status
	var s watcher.Status
	switch err := a.ask(ctx, watcher.VerbStatus, nil, &s); {
	case err == nil:
		running = &s
	case !errors.Is(err, ipc.ErrAbsent):
		return watcher.Contacts{}, err
	}
	knocks, sums, err := a.knocked(ctx, now)
	if err != nil {
		return watcher.Contacts{}, err
	}
	planned, err := a.planned()
	if err != nil {
		return watcher.Contacts{}, err
	}
	c := watcher.ContactsOf(now.Format(time.DateOnly), knocks, sums, running, planned)
	for i := range c.Contacts {
		one := &c.Contacts[i]
		one.Last, one.Next = shortened(one.Last, a.zone), shortened(one.Next, a.zone)
	}
	return c, nil
}

func shortened(t time.Time, zone *time.Location) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(zone).Truncate(time.Second)
}

// knocked gives what was kept of today. Where nothing was ever kept, looking makes no file.
func (a *app) knocked(ctx context.Context, now time.Time) (knocks []watch.Knock, sums []watch.Sum, err error) {
	dir, err := a.dataDir()
	if err != nil {
		return nil, nil, err
	}
	if _, err := os.Stat(filepath.Join(dir, "mail.db")); errors.Is(err, os.ErrNotExist) {
		return nil, nil, nil
	}
	s, err := a.openStore(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = a.closeStore(s, err) }()
	h := history.In(s)
	if knocks, err = h.Knocks(ctx, now.Format(time.DateOnly)); err != nil {
		return nil, nil, err
	}
	year, month, day := now.Date()
	sums, err = h.Sums(ctx, time.Date(year, month, day, 0, 0, 0, 0, now.Location()))
	return knocks, sums, err
}

// planned are the accounts' servers, as the watcher names them.
func (a *app) planned() (hosts []string, err error) {
	list, err := a.accountList()
	if err != nil {
		return nil, err
	}
	for _, acc := range list {
		for _, t := range a.watched(acc).Targets {
			hosts = append(hosts, hostOf(t))
		}
	}
	return hosts, nil
}

// hostOf is what the watcher calls a server in its history.
func hostOf(t probe.Target) string {
	host := t.Host
	if t.Port != 0 {
		host = net.JoinHostPort(t.Host, strconv.Itoa(t.Port))
	}
	return string(t.Kind) + " " + host
}

// contactsText is what a person reads.
func (a *app) contactsText(c watcher.Contacts) string {
	var b strings.Builder
	total := 0
	for _, one := range c.Contacts {
		total += one.Today
	}
	switch {
	case len(c.Contacts) == 0:
		b.WriteString(a.words.T("connections.none") + "\n")
	default:
		b.WriteString(a.words.N("connections.total", total) + "\n")
	}
	for _, one := range c.Contacts {
		fmt.Fprintf(&b, "\n%s\n", clean(a.contactName(one.Host)))
		for _, line := range a.contactLines(one) {
			fmt.Fprintf(&b, "  %s\n", line)
		}
	}
	b.WriteString("\n")
	switch {
	case c.Paused:
		b.WriteString(a.words.T("watcher.paused") + "\n")
	case !c.Running:
		b.WriteString(a.words.T("connections.idle") + "\n")
	}
	b.WriteString(a.words.T("connections.beside") + "\n")
	return b.String()
}

// contactName says what a server is there for.
func (a *app) contactName(host string) string {
	kind, name, ok := strings.Cut(host, " ")
	if direction := probe.Kind(kind).Direction(); ok && a.words.Has("watch.direction."+string(direction)) {
		return a.words.T("connections.host", "Host", name, "Direction", a.words.T("watch.direction."+string(direction)))
	}
	return host
}

// reasons are those of a contact, in the order in which they are told.
var reasons = []watch.Reason{watch.ForCheck, watch.ForHand, watch.ForMail, watch.ForAgain, watch.ForWitness}

func (a *app) contactLines(c watcher.Contact) (lines []string) {
	w := a.words
	var why []string
	for _, r := range reasons {
		if n := c.Why[r]; n > 0 {
			why = append(why, w.N("connections.why."+string(r), n))
		}
	}
	line := w.N("connections.today", c.Today)
	if len(why) > 0 {
		line += ": " + strings.Join(why, ", ")
	}
	lines = append(lines, line)
	if how := session.Answers(c, w); how != "" {
		lines = append(lines, how)
	}
	if !c.Last.IsZero() {
		lines = append(lines, w.T("connections.last", "At", w.Clock(c.Last)))
	}
	if !c.Next.IsZero() {
		lines = append(lines, w.T("connections.next", "At", w.Clock(c.Next)))
	}
	return lines
}
