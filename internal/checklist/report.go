// Package checklist is the list a person works through, and the forms in which it leaves the program.
package checklist

import (
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/outage"
)

// Report is one review of a mailbox, ready to be shown or written: the same for command line, window and files.
type Report struct {
	At         time.Time // the moment for which it speaks
	From       []string  // what was read, in words that tell no more of a computer than they must
	Demo       bool
	Outages    []OutageCount
	Items      []advice.Item
	NotYours   []advice.Note
	Unreadable []advice.Note
	Queues     []QueueTrend      // how mail queues grew of which there are several listings
	Found      []outage.Outage   // found in this mail and in no catalogue; those that the mail touches are in Outages, too
	Citations  map[string]string // where what is said of Outages stands, by the keys of their sources
}

// QueueTrend is how a mail queue grew or shrank from one listing to another, in messages.
type QueueTrend struct {
	From, To      time.Time
	Before, After int
	PerDay        int // negative where it shrinks
}

// OutageCount is an outage that the mail touches, with what fell in each phase.
type OutageCount struct {
	Outage outage.Outage
	Phases []PhaseCount // as many as Outage.Phases, in their order
}

// PhaseCount is how many bounces and items (message and recipient) fell in a phase.
type PhaseCount struct{ Bounces, Messages int }

// count gives the figures of the i-th phase.
func (c *OutageCount) count(i int) PhaseCount {
	if i < len(c.Phases) {
		return c.Phases[i]
	}
	return PhaseCount{}
}
