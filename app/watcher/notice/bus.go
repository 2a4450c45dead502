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
	mostShown    = 64 // notices whose buttons are remembered
)

// openBus connects to the session bus. It gives [ErrNoDesktop] where there is none; whether somebody shows notices there is
// seen at the first one, since desktops start them on demand.
func openBus(p Params, portal bool) (Desktop, error) {
	conn, err := connect()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoDesktop, err)
	}
	d := &bus{params: p, conn: conn, portal: portal, shown: map[string]uint32{}, signals: make(chan *dbus.Signal, 16), done: make(chan struct{})}
	face, path := serverName, dbus.ObjectPath(serverPath)
	if portal {
		face, path = portalNotify, portalPath
	}
	if err := conn.AddMatchSignal(dbus.WithMatchInterface(face), dbus.WithMatchObjectPath(path)); err != nil {
		_ = conn.Close() // the first error is the one to tell
		return nil, fmt.Errorf("%w: %w", ErrNoDesktop, err)
	}
	conn.Signal(d.signals)
	go d.listen()
	return d, nil
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
	params  Params
	conn    *dbus.Conn
	portal  bool
	signals chan *dbus.Signal
	done    chan struct{}

	mu    sync.Mutex
	shown map[string]uint32 // by key
}

// Close implements [Desktop].
func (b *bus) Close() {
	_ = b.conn.Close() // ends the signals too
	<-b.done
}

// Show implements [Desktop].
func (b *bus) Show(ctx context.Context, n Notice) error {
	n = n.harmless()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if b.portal {
		return b.showByPortal(ctx, n)
	}
	server := b.conn.Object(serverName, serverPath)
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
				actions = append(actions, "default", a.Label)
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
	b.remember(n.Key, id)
	return nil
}

// markup disarms what a server that reads markup would take for it (specification, "Markup").
var markup = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")

func (b *bus) showByPortal(ctx context.Context, n Notice) error {
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
	call := b.conn.Object(portalName, portalPath).CallWithContext(ctx, portalNotify+".AddNotification", 0, n.Key, args)
	if call.Err != nil {
		return fmt.Errorf("%w: %w", ErrNoDesktop, call.Err)
	}
	return nil
}

func (b *bus) before(key string) uint32 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.shown[key]
}

func (b *bus) remember(key string, id uint32) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.shown) >= mostShown {
		clear(b.shown) // they are long gone from the screen
	}
	b.shown[key] = id
}

// listen waits for buttons. A signal is taken only in the form that the specification gives it.
func (b *bus) listen() {
	defer close(b.done)
	for s := range b.signals {
		if c, ok := b.chosen(s); ok && b.params.OnAction != nil {
			b.params.OnAction(c)
		}
	}
}

func (b *bus) chosen(s *dbus.Signal) (c Chosen, ok bool) {
	var key, action any
	switch {
	case s == nil || len(s.Body) < 2:
		return c, false
	case s.Name == serverName+".ActionInvoked":
		id, _ := s.Body[0].(uint32)
		key, action = b.keyOf(id), s.Body[1]
	case s.Name == portalNotify+".ActionInvoked":
		key, action = s.Body[0], s.Body[1]
	}
	c.Key, _ = key.(string)
	c.Action, ok = action.(string)
	return c, ok && c.Key != ""
}

func (b *bus) keyOf(id uint32) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	for key, shown := range b.shown {
		if shown == id && id != 0 {
			return key
		}
	}
	return ""
}
