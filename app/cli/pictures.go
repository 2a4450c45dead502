package cli

import (
	"image"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"rimbalzo/app/window/session"
)

// pictures draws pages of the demonstration for the documents into a folder, in the language asked for: PAGE-LANGUAGE-LOOK.png. It
// is hidden because it is for whoever makes the packages. The same program draws the same pictures.
func (a *app) pictures() *cobra.Command {
	return &cobra.Command{Use: "pictures DIR", Hidden: true, Args: cobra.ExactArgs(1), RunE: func(cmd *cobra.Command, args []string) (err error) {
		if a.data, err = os.MkdirTemp("", "rimbalzo-demo-"); err != nil {
			return err
		}
		defer os.RemoveAll(a.data)
		d, err := startDemo(cmd.Context())
		if err != nil {
			return err
		}
		defer d.stop()
		p := a.demoParams(d)
		// The rail has all its places, as in a window of one's own.
		own, err := a.windowParams()
		if err != nil {
			return err
		}
		p.Desk, p.SaveSettings, p.Contacts, p.Log = own.Desk, own.SaveSettings, own.Contacts, own.Log
		r, err := a.review(cmd.Context(), *p.Start)
		if err != nil {
			return err
		}
		for _, place := range []string{"now", "checklist", "outage"} {
			for look, dark := range map[string]bool{"light": false, "dark": true} {
				path := filepath.Join(args[0], place+"-"+a.words.Lang()+"-"+look+".png")
				if err := replace(path, func(w io.Writer) error { return a.env.Picture(w, p, r, demoShot(place, dark)) }); err != nil {
					return err
				}
			}
		}
		return nil
	}}
}

// demoShot is a page of the demonstration, as large as on a common laptop.
func demoShot(place string, dark bool) session.Shot {
	return session.Shot{Place: place, Dark: dark, Size: image.Pt(1280, 800)}
}
