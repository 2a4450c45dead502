package notice

import (
	"context"
	"fmt"
	"os"
	"os/exec"
)

// script shows notices by running a program of the system's with a constant script.
type script struct {
	params Params
	// command gives the program, its arguments and what it finds in its environment beside the usual.
	command func(Params, Notice) (name string, args, env []string)
}

// Show implements [Desktop].
func (s script) Show(ctx context.Context, n Notice) error {
	name, args, env := s.command(s.params, n.harmless())
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), env...)
	quiet(cmd)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s: %w: %.200s", ErrNoDesktop, name, err, out)
	}
	return nil
}

// Close implements [Desktop].
func (script) Close() {}
