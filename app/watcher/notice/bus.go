package notice

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"
)

// Names on the bus: the Desktop Notifications Specification 1.2, and org.freedesktop.portal.Notification, version 1.
const (
	serverName   = "org.freedesktop.Notifications"
	serverPath   = "/org/freedesktop/Notifications"
	portalName   = "org.freedesktop.portal.Desktop"
	portalPath   = "/org/freedesktop/portal/desktop"
	portalNotify = "org.freedesktop.portal.Notification"
	busName      = "org.freedesktop.DBus"
	clicked      = "default" // the action of a click on the notice itself (specification, "Basic Design")
	mostShown    = 64        // notices whose buttons are remembered
)

// openBus connects to the session bus. It gives [ErrNoDesktop] where there is none; whether somebody shows notices there is
// seen at the first one, since desktops start them on demand.
func openBus(p Params, portal bool) (Desktop, error) {
	b := &bus{params: p, portal: portal}
	if _, err := b.line(); err != nil {
		return nil, err
	}
	return b, nil
}

// line gives the connection, a new one where the bus has ended the old one: a session bus may be started again.
func (b *bus) line() (*dbus.Conn, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.conn != nil && b.conn.Connected() {
		return b.conn, nil
	}
	conn, err := connect()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoDesktop, err)
	}
	face, path := serverName, dbus.ObjectPath(serverPath)
	if b.portal {
		face, path = portalNotify, portalPath
	}
	for _, match := range [][]dbus.MatchOption{
		{dbus.WithMatchInterface(face), dbus.WithMatchObjectPath(path)},
		{dbus.WithMatchInterface(busName), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, serverName)},
	} {
		if err := conn.AddMatchSignal(match...); err != nil {
			_ = conn.Close() // the first error is the one to tell
			return nil, fmt.Errorf("%w: %w", ErrNoDesktop, err)
		}
	}
	b.hangUp()
	signals := make(chan *dbus.Signal, 16)
	conn.Signal(signals)
	b.conn, b.shown = conn, map[string]popup{}
	b.wg.Go(func() { b.listen(signals) })
	return conn, nil
}

// hangUp ends the connection there is, and its signals.
func (b *bus) hangUp() {
	if b.conn != nil {
		_ = b.conn.Close() // it may have ended by itself
		b.conn = nil
	}
}

// connect gives up on a bus that lets one in and then says nothing: only the end of its context frees the library.
func connect() (*dbus.Conn, error) {
	ctx, cancel := context.WithCancel(context.Background())
	timer := time.AfterFunc(limit, cancel)
	conn, err := dbus.ConnectSessionBus(dbus.WithContext(ctx))
	if err == nil && timer.Stop() {
		return conn, nil
	}
	cancel()
	return nil, cmp.Or(err, context.DeadlineExceeded)
}

// bus shows notices over D-Bus.
type bus struct {
	params Params
	portal bool
	wg     sync.WaitGroup // of those who listen

	mu    sync.Mutex
	conn  *dbus.Conn
	shown map[string]popup // by key
}

// popup is a notice as the server knows it.
type popup struct {
	id    uint32
	first string // what a click on the notice itself means
}

// Close implements [Desktop].
func (b *bus) Close() {
	b.mu.Lock()
	b.hangUp()
	b.mu.Unlock()
	b.wg.Wait()
}

// Show implements [Desktop].
func (b *bus) Show(ctx context.Context, n Notice) error {
	n = n.harmless()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	conn, err := b.line()
	if err != nil {
		return err
	}
	if b.portal {
		return showByPortal(ctx, conn, n)
	}
	server := conn.Object(serverName, serverPath)
	var can []string
	if err := server.CallWithContext(ctx, serverName+".GetCapabilities", 0).Store(&can); err != nil {
		return fmt.Errorf("%w: %w", ErrNoDesktop, err)
	}
	body := n.Body
	if slices.Contains(can, "body-markup") {
		body = markup.Replace(body)
	}
	actions := []string{}
	if slices.Contains(can, "actions") {
		for i, a := range n.Actions {
			if i == 0 {
				actions = append(actions, clicked, a.Label)
			}
			actions = append(actions, a.ID, a.Label)
		}
	}
	hints := map[string]dbus.Variant{"desktop-entry": dbus.MakeVariant(b.params.ID), "urgency": dbus.MakeVariant(byte(1))}
	if n.Urgent {
		hints["urgency"] = dbus.MakeVariant(byte(2))
	}
	var id uint32
	call := server.CallWithContext(ctx, serverName+".Notify", 0, b.params.Name, b.before(n.Key), b.params.ID, n.Title, body, actions, hints, int32(-1))
	if err := call.Store(&id); err != nil {
		return fmt.Errorf("%w: %w", ErrNoDesktop, err)
	}
	p := popup{id: id}
	if len(n.Actions) > 0 {
		p.first = n.Actions[0].ID
	}
	b.remember(n.Key, p)
	return nil
}

// markup disarms what a server that reads markup would take for it (specification, "Markup").
var markup = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")

func showByPortal(ctx context.Context, conn *dbus.Conn, n Notice) error {
	args := map[string]dbus.Variant{"title": dbus.MakeVariant(n.Title), "body": dbus.MakeVariant(n.Body), "priority": dbus.MakeVariant("normal")}
	if n.Urgent {
		args["priority"] = dbus.MakeVariant("high")
	}
	var buttons []map[string]dbus.Variant
	for i, a := range n.Actions {
		if i == 0 {
			args["default-action"] = dbus.MakeVariant(a.ID)
		}
		buttons = append(buttons, map[string]dbus.Variant{"label": dbus.MakeVariant(a.Label), "action": dbus.MakeVariant(a.ID)})
	}
	if len(buttons) > 0 {
		args["buttons"] = dbus.MakeVariant(buttons)
	}
	call := conn.Object(portalName, portalPath).CallWithContext(ctx, portalNotify+".AddNotification", 0, n.Key, args)
	if call.Err != nil {
		return fmt.Errorf("%w: %w", ErrNoDesktop, call.Err)
	}
	return nil
}

func (b *bus) before(key string) uint32 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.shown[key].id
}

// remember keeps a notice also when it has left the screen: servers show it again from their history, with its buttons.
func (b *bus) remember(key string, p popup) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.shown) >= mostShown {
		clear(b.shown) // they are long gone from the screen
	}
	b.shown[key] = p
}

// listen waits for buttons. A signal is taken only in the form that the specification gives it.
func (b *bus) listen(signals <-chan *dbus.Signal) {
	for s := range signals {
		if s != nil && s.Name == busName+".NameOwnerChanged" {
			b.forget()
			continue
		}
		if c, ok := b.chosen(s); ok && b.params.OnAction != nil {
			b.params.OnAction(c)
		}
	}
}

// forget drops the numbers of a server that has ended: the next one gives the same to others' notices.
func (b *bus) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.shown)
}

func (b *bus) chosen(s *dbus.Signal) (c Chosen, ok bool) {
	switch {
	case s == nil || len(s.Body) < 2:
		return c, false
	case s.Name == serverName+".ActionInvoked":
		id, _ := s.Body[0].(uint32)
		var first string
		c.Key, first = b.find(id)
		if c.Action, ok = s.Body[1].(string); c.Action == clicked {
			c.Action = first
		}
	case s.Name == portalNotify+".ActionInvoked":
		c.Key, _ = s.Body[0].(string)
		c.Action, ok = s.Body[1].(string)
	}
	return c, ok && c.Key != ""
}

// find gives the key of a notice of ours, "" for any other, and what a click on it means.
func (b *bus) find(id uint32) (key, first string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for key, p := range b.shown {
		if p.id == id && id != 0 {
			return key, p.first
		}
	}
	return "", ""
}
