package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/review"
)

func (a *app) report() *cobra.Command {
	w := a.words
	cmd := &cobra.Command{Use: "report", Short: w.T("cli.report.short"), Long: w.T("cli.report.long"), Args: a.noArgs}
	s := a.sourceFlags(cmd)
	format := cmd.Flags().String("format", "text", w.T("export.flag.format", "List", a.formNames()))
	from := cmd.Flags().String("from", "", w.T("export.flag.from"))
	output := cmd.Flags().StringP("output", "o", "", w.T("cli.flag.output"))
	exitCode := cmd.Flags().Bool("exit-code", false, w.T("cli.flag.exit-code"))
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		f, known := formOf(*format)
		switch {
		case !known:
			return errUsage{w.T("cli.error.format", "Value", clean(*format), "List", formIDs())}
		case f.Binary && *output == "":
			return errUsage{w.T("export.error.binary", "Value", clean(*format), "File", "rimbalzo"+f.Ending)}
		}
		l, err := a.listed(cmd.Context(), s, *from)
		if err != nil {
			return err
		}
		if err := a.writeForm(cmd.Context(), *output, f.Format, l); err != nil {
			return err
		}
		if *exitCode && a.status == exitDone && needsResending(l.report) {
			a.status = exitResend
		}
		return nil
	}
	return cmd
}

// formOf gives a form by its id.
func formOf(id string) (checklist.Form, bool) {
	for _, f := range checklist.Forms {
		if string(f.Format) == id {
			return f, true
		}
	}
	return checklist.Form{}, false
}

// formIDs lists the forms as they are typed.
func formIDs() string {
	var ids []string
	for _, f := range checklist.Forms {
		ids = append(ids, string(f.Format))
	}
	return strings.Join(ids, ", ")
}

// formNames lists the forms with what they are.
func (a *app) formNames() string {
	var names []string
	for _, f := range checklist.Forms {
		names = append(names, string(f.Format)+": "+checklist.FormName(f.Format, a.words))
	}
	return strings.Join(names, "; ")
}

// listed makes the list that the flags ask for, or reads one back that was written as JSON.
func (a *app) listed(ctx context.Context, s *sources, from string) (list, error) {
	if from == "" {
		req, r, err := a.reviewed(ctx, s)
		return list{a.sourced(r, req, s.accounts), a.noted(req), req, s}, err
	}
	if s.given() || len(s.accounts) > 0 || s.at != "" {
		return list{}, errUsage{a.words.T("export.error.from-alone")}
	}
	r, err := a.readList(from)
	if err != nil {
		return list{}, err
	}
	o := a.options()
	o.Ticks, err = a.readTicks()
	return list{report: r, options: o}, err
}

// readList reads a list back that was written as JSON.
func (a *app) readList(path string) (checklist.Report, error) {
	f, err := os.Open(path)
	if err != nil {
		return checklist.Report{}, err
	}
	defer f.Close()
	r, err := checklist.ReadJSON(bufio.NewReaderSize(f, 64<<10))
	switch {
	case errors.Is(err, checklist.ErrListVersion):
		err = errUsage{a.words.T("export.error.newer-list", "Path", clean(path))}
	case errors.Is(err, checklist.ErrNoList):
		err = errUsage{a.words.T("export.error.no-list", "Path", clean(path))}
	}
	return r, err
}

func (a *app) options() checklist.Options {
	return checklist.Options{Words: a.words, Zone: a.zone}
}

// noted are the options with what the person has said of messages.
func (a *app) noted(req review.Request) checklist.Options {
	o := a.options()
	o.Ticks = req.Ticks
	return o
}

// reviewed makes the request that the flags ask for and runs its review.
func (a *app) reviewed(ctx context.Context, s *sources) (review.Request, checklist.Report, error) {
	req, err := a.request(ctx, s)
	if err != nil {
		return req, checklist.Report{}, err
	}
	if req.Ticks, err = a.readTicks(); err != nil {
		return req, checklist.Report{}, err
	}
	r, err := a.review(ctx, req)
	return req, r, err
}

// review runs a review and shows on a terminal how far it is.
func (a *app) review(ctx context.Context, req review.Request) (checklist.Report, error) {
	defer a.progress(&req)()
	var r checklist.Report
	err := a.withStore(ctx, &req, func() (err error) {
		r, err = reviewSeen(ctx, req)
		return err
	})
	return r, err
}

// progress shows on a terminal how far a reading is, until the function that it gives is called.
func (a *app) progress(req *review.Request) (done func()) {
	if !a.env.Terminal {
		return func() {}
	}
	// The reading of a server tells more by itself: see looking.
	req.Progress = func(done int) {
		if a.looked {
			return
		}
		_, _ = fmt.Fprintf(a.env.Stderr, "\r%s", a.words.N("cli.progress", done))
	}
	return func() { _, _ = io.WriteString(a.env.Stderr, "\r\033[K") }
}

// warnUnreadable says once that something could not be read; the report lists what.
func (a *app) warnUnreadable(n int) {
	if n > 0 {
		a.complain(a.words.N("cli.unreadable", n))
	}
}

func needsResending(r checklist.Report) bool {
	for i := range r.Items {
		if r.Items[i].Verdict == advice.Resend {
			return true
		}
	}
	return false
}

// write writes to standard output, or whole or not at all to a file: a list cut short would be worse than none.
func (a *app) write(path string, write func(io.Writer) error) error {
	if path == "" || path == "-" {
		return write(a.env.Stdout)
	}
	return replace(path, write)
}

// replace writes a file beside its place and moves it there when it is complete.
func replace(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".rimbalzo-*")
	if err != nil {
		return &os.PathError{Op: "create", Path: path, Err: cause(err)}
	}
	defer os.Remove(f.Name())
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	return err
}

// cause strips the temporary name from a file error: the person named another.
func cause(err error) error {
	if e, ok := err.(*os.PathError); ok { //nolint:errorlint // os.CreateTemp gives it bare
		return e.Err
	}
	return err
}
