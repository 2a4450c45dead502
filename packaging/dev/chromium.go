package main

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// hostileSubject is what a stranger may put into a subject: it changes the page's title if anything of it runs.
const hostileSubject = `<script>document.title='ran'</script><img src=x onerror="document.title='ran'">`

// hostileMail is a sent message with that subject, in the days of the outage of January 2023.
const hostileMail = "From: Anna Prova <anna@studio.example>\r\nTo: mario.prova@libero.it\r\nSubject: " + hostileSubject + "\r\n" +
	"Date: Thu, 26 Jan 2023 10:00:00 +0100\r\nMessage-ID: <hostile@studio.example>\r\n\r\nText.\r\n"

// chromium opens the exported page in a browser: the subject is shown as it was written, and nothing in it runs.
func chromium(w *workshop) error {
	dir, err := os.MkdirTemp("", "rimbalzo-chromium-")
	if err != nil {
		return fmt.Errorf("making a folder for the page: %w", err)
	}
	defer os.RemoveAll(dir)
	if err := w.close("chromium", pageIsInert(w, dir)); err != nil {
		return err
	}
	return slowTest(w, "PrintedPDF", "./internal/checklist")
}

func pageIsInert(w *workshop, dir string) error {
	control, page, mail := filepath.Join(dir, "control.html"), filepath.Join(dir, "page.html"), filepath.Join(dir, "hostile.eml")
	if err := errors.Join(
		os.WriteFile(control, []byte("<!doctype html><title>still</title><p>"+hostileSubject), 0o600),
		os.WriteFile(mail, []byte(hostileMail), 0o600),
	); err != nil {
		return fmt.Errorf("writing what the browser is to open: %w", err)
	}
	dom, err := rendered(w, dir, control)
	if err != nil {
		return err
	}
	if !strings.Contains(dom, "<title>ran</title>") {
		return fmt.Errorf("the browser runs no script at all, so this shows nothing:\n%.500s", dom)
	}
	exe, err := w.build(false)
	if err != nil {
		return err
	}
	if err := w.run(nil, exe, "report", "--sent", mail, "--at", "2023-01-27 18:00", "--format", "html", "--output", page); err != nil {
		return err
	}
	if dom, err = rendered(w, dir, page); err != nil {
		return err
	}
	return inert(dom)
}

// inert says what is wrong with a page as the browser holds it, nil where the hostile subject is shown and did nothing.
func inert(dom string) error {
	switch {
	case strings.Contains(dom, "<title>ran</title>"):
		return errors.New("a script in a subject ran in the exported page")
	case !strings.Contains(dom, "&lt;script&gt;document.title="):
		return errors.New("the exported page does not show the subject as it was written")
	}
	return nil
}

// rendered gives a page's document after its scripts had time to run. The browser talks to nobody.
func rendered(w *workshop, dir, page string) (string, error) {
	name := ""
	for _, each := range chromiumNames {
		if name = w.host.find(each); name != "" {
			break
		}
	}
	args := []string{
		"--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--user-data-dir=" + filepath.Join(dir, "profile"),
		fmt.Sprintf("--virtual-time-budget=%d", (2 * time.Second).Milliseconds()), "--dump-dom",
	}
	if w.host.root {
		args = append(args, "--no-sandbox") // Chromium refuses root otherwise
	}
	return w.read(nil, name, append(args, (&url.URL{Scheme: "file", Path: page}).String())...)
}
