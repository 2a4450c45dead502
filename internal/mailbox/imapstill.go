package mailbox

import (
	"context"
	"slices"
)

// standsStill reports whether a folder stands as an earlier reading left it: then there is nothing to be read, and it need not be
// opened. One STATUS tells (RFC 9051 section 6.3.11), some hundred bytes where EXAMINE takes four hundred and more. A message that
// comes raises UIDNEXT (section 2.3.1.1), so what changes of the old ones, which HIGHESTMODSEQ tells (RFC 7162), is not asked for:
// flags say nothing of a delivery.
//
// A folder that is open is not asked about: the answer may be of the moment when it was opened (see [watching.lookAt]). Where the
// answer does not come or does not help, the folder is opened.
func (w *folderReading) standsStill(ctx context.Context) (bool, error) {
	at := slices.IndexFunc(w.cfg.Marks, func(m Mark) bool { return m.Folder == w.name && m.Next == m.Hits })
	if at < 0 || w.asked || w.s.folder == w.name {
		return false, nil
	}
	m := w.cfg.Marks[at]
	if begins(dayOf(w.cfg.Since), m.Since) { // older mail is wanted
		return false, nil
	}
	w.asked = true
	o, err := w.s.status(ctx, w.name)
	if isRefusal(err) {
		return false, nil
	}
	if err != nil || !m.fits(w.place, o) || uint32(o.next) != m.Next {
		return false, err
	}
	w.opened, w.handed = o, m
	m.Role = w.role
	w.mark = m
	return true, nil
}
