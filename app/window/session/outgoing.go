package session

import (
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/review"
	"rimbalzo/internal/words"
)

// Chosen is a message of the list that goes again.
type Chosen struct {
	For   []*advice.Item // those of one message that were chosen, never empty
	Known []*advice.Item // all of that message that the list holds, to tell who has it; may be nil
	// Request is what the list was made from: the original is looked for there, in the accounts where it names no other source.
	Request review.Request
	At      time.Time    // the list's moment
	Words   *words.Words // the language of the window now: names of files
}

// Export is a list that leaves the program.
type Export struct {
	Format  checklist.Format
	Report  checklist.Report
	Options checklist.Options // words, zone and ticks
	Request review.Request    // what the list was made from
}

// Merged is how much a file of ticks and notes brought.
type Merged struct{ Words, Notes int }
