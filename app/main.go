// Command rimbalzo tells people hit by a mail provider's outage which of their messages to send again.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	// Before the window's toolkit is initialised; see there.
	_ "app.invalid/locale"

	// The times of an outage are told in Europe/Rome, also where the system has no zone data.
	_ "time/tzdata"

	"rimbalzo/app/cli"
)

func main() {
	noCoreDump()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(cli.Run(ctx, world(), os.Args[1:]))
}
