package mailbox

import "time"

// Mark says how far one folder has been read, so that a later reading goes on from there. It is valid for the folder as long as
// the server keeps its UIDVALIDITY (RFC 9051 section 2.3.1.1); with another one the folder is read anew.
type Mark struct {
	Folder   string // its name, as the server lists it
	Role     Role
	Validity uint32 // UIDVALIDITY
	// Hits is the UID below which the bounces that a search finds were visited. They come first, so it runs ahead of Next.
	Hits uint32
	// Next is the UID below which every message was visited, as far as it arrived on Since's day or later.
	Next uint32
	// ModSeq is HIGHESTMODSEQ when the folder was opened (RFC 7162 section 3.1.2.1); 0 where the server has none.
	ModSeq uint64
	// Since is the day from which on messages were wanted; zero means from the folder's beginning.
	Since time.Time
}
