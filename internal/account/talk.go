//go:build !windows && !darwin

package account

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/godbus/dbus/v5"
)

// talk is one conversation with one Secret Service: the program that owned the name when the conversation began. Calls
// go to that program and not to the name, so that one that takes over in the middle is noticed.
type talk struct {
	ctx    context.Context // of the one call that this value lives for
	asking func()
	conn   *dbus.Conn
	owner  string // unique name
}

// errGone: the service that was spoken to is no longer there.
var errGone = errors.New("the service left the bus")

// with connects to the service and has say speak with it. When another service takes over in the middle, it is said to
// that one again from the start; when none does, the service died.
func (s secretService) with(ctx context.Context, asking func(), say func(*talk) error) error {
	conn, err := s.connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	t := &talk{ctx: ctx, asking: asking, conn: conn}
	for range 2 {
		if err = t.meet(); err == nil {
			err = t.meaning(say(t))
		}
		if !errors.Is(err, errGone) {
			return err
		}
		// Where the bus ended too, nobody can have taken over.
		if !t.replaced() {
			return fmt.Errorf("%w: %w", ErrDied, err)
		}
	}
	return fmt.Errorf("%w: %w", ErrReplaced, err)
}

// connect reaches the session's bus; it never starts one, which would find no keyring on it.
func (s secretService) connect(ctx context.Context) (*dbus.Conn, error) {
	// The connection outlives ctx by as much as it takes to take a prompt away.
	own, end := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, end)
	conn, err := s.dial(own)
	if err == nil {
		if err = conn.Auth(nil); err == nil {
			err = conn.Hello()
		}
		if err != nil {
			conn.Close()
		}
	}
	if !stop() { // ctx ended meanwhile
		end()
		if err == nil {
			conn.Close()
		}
		return nil, context.Cause(ctx)
	}
	if err != nil {
		end()
		return nil, fmt.Errorf("%w: %w", ErrNoBus, err)
	}
	context.AfterFunc(conn.Context(), end)
	return conn, nil
}

func (s secretService) dial(ctx context.Context) (*dbus.Conn, error) {
	if s.bus != "" {
		return dbus.Dial(s.bus, dbus.WithContext(ctx))
	}
	return dbus.SessionBusPrivateNoAutoStartup(dbus.WithContext(ctx))
}

// meet finds out who owns the service's name. Only where nobody does is the bus asked to start a service: it refuses that
// for a service that was started by hand.
func (t *talk) meet() error {
	if t.findOwner() == nil {
		return nil
	}
	var started uint32
	err := t.conn.BusObject().CallWithContext(t.ctx, "org.freedesktop.DBus.StartServiceByName", 0, serviceName, uint32(0)).Store(&started)
	if err == nil {
		err = t.findOwner()
	}
	if err != nil {
		return fmt.Errorf("%w: %w", t.noService(), err)
	}
	return nil
}

func (t *talk) findOwner() error {
	return t.conn.BusObject().CallWithContext(t.ctx, "org.freedesktop.DBus.GetNameOwner", 0, serviceName).Store(&t.owner)
}

// noService is what it means when the bus knows of no service: that there is none, unless the bus itself has ended.
func (t *talk) noService() error {
	if !t.conn.Connected() {
		return errGone
	}
	return ErrNoService
}

// replaced reports whether another service has the name now.
func (t *talk) replaced() bool {
	before := t.owner
	return t.findOwner() == nil && t.owner != before
}

func (t *talk) object(path dbus.ObjectPath) dbus.BusObject { return t.conn.Object(t.owner, path) }

func (t *talk) call(path dbus.ObjectPath, method string, args ...any) *dbus.Call {
	return t.object(path).CallWithContext(t.ctx, method, 0, args...)
}

func (t *talk) property(path dbus.ObjectPath, face, name string) (dbus.Variant, error) {
	var v dbus.Variant
	err := t.call(path, "org.freedesktop.DBus.Properties.Get", face, name).Store(&v)
	return v, err
}

// locked reads whether a keyring or an item is locked; what is no answer counts as locked, so that nobody is asked.
func (t *talk) locked(path dbus.ObjectPath, face string) (bool, error) {
	v, err := t.property(path, face, "Locked")
	locked, ok := v.Value().(bool)
	return locked || !ok, err
}

// Names of errors: of the bus (https://dbus.freedesktop.org/doc/dbus-specification.html) and of the Secret Service.
var (
	goneNames   = []string{"org.freedesktop.DBus.Error.NoReply", "org.freedesktop.DBus.Error.Disconnected", "org.freedesktop.DBus.Error.NameHasNoOwner", "org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.Secret.Error.NoSession"}
	absentNames = []string{"org.freedesktop.Secret.Error.NoSuchObject", "org.freedesktop.DBus.Error.UnknownObject", "org.freedesktop.DBus.Error.UnknownMethod", "org.freedesktop.DBus.Error.UnknownInterface"}
	lockedName  = "org.freedesktop.Secret.Error.IsLocked"
)

func errorName(err error) string {
	var named dbus.Error
	var pointer *dbus.Error
	switch {
	case errors.As(err, &named):
		return named.Name
	case errors.As(err, &pointer):
		return pointer.Name
	}
	return ""
}

// goneItem tells an item that is no longer there.
func goneItem(err error) error {
	if slices.Contains(absentNames, errorName(err)) {
		return fmt.Errorf("%w: %w", ErrNoSecret, err)
	}
	return err
}

// meaning turns an error of the bus or the service into one of this room.
func (t *talk) meaning(err error) error {
	if err == nil {
		return nil
	}
	for _, known := range []error{
		ErrNoSecret, ErrLocked, ErrDismissed, ErrNoService, ErrNoKeyring, ErrTooLong, errGone, context.Canceled, context.DeadlineExceeded,
	} {
		if errors.Is(err, known) {
			return err
		}
	}
	switch name := errorName(err); {
	case !t.conn.Connected(), slices.Contains(goneNames, name): // the bus ended, or the service
		return fmt.Errorf("%w: %w", errGone, err)
	case name == lockedName:
		return fmt.Errorf("%w: %w", ErrLocked, err)
	}
	return fmt.Errorf("%w: %w", ErrRefused, err)
}
