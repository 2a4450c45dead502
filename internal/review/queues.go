package review

import (
	"fmt"
	"math"
	"os"
	"time"

	"rimbalzo/internal/advice"
	"rimbalzo/internal/checklist"
	"rimbalzo/internal/queue"
)

// QueueError says which file is no queue listing.
type QueueError struct {
	Path string
	Err  error
}

// Error gives path and cause in English, for logs.
func (e *QueueError) Error() string {
	return fmt.Sprintf("read the mail queue in %s: %v", e.Path, e.Err)
}

// Unwrap gives the cause: queue.ErrFormat or an error of the file system.
func (e *QueueError) Unwrap() error { return e.Err }

// readQueues reads mail queue listings. A listing is as old as its file, or as the moment where that is earlier. Of several by
// one server the newest counts, and they tell how the queue grew.
func readQueues(paths []string, zone *time.Location, at time.Time) ([]advice.Queued, []checklist.QueueTrend, error) {
	var listings []queue.Listing
	for _, path := range paths {
		l, err := readQueue(path, zone, at)
		if err != nil {
			return nil, nil, err
		}
		listings = append(listings, l)
	}
	newest, trends := queue.Newest(listings)
	var list []advice.Queued
	for _, l := range newest {
		for _, e := range l.Entries {
			list = append(list, advice.Queued{Source: l.Source + "#" + e.ID, Sender: e.Sender, Recipient: e.Recipient, Arrived: e.Arrived, Reason: e.Reason})
		}
	}
	var told []checklist.QueueTrend
	for _, t := range trends {
		told = append(told, checklist.QueueTrend{From: t.From, To: t.To, Before: t.Before, After: t.After, PerDay: int(math.Round(t.PerDay))})
	}
	return list, told, nil
}

func readQueue(path string, zone *time.Location, at time.Time) (queue.Listing, error) {
	f, err := os.Open(path)
	if err != nil {
		return queue.Listing{}, err
	}
	defer f.Close()
	taken := at
	if st, err := f.Stat(); err == nil && st.ModTime().Before(at) {
		taken = st.ModTime()
	}
	entries, err := queue.Read(f, taken, zone)
	if err != nil {
		return queue.Listing{}, &QueueError{Path: path, Err: err}
	}
	return queue.Listing{Source: path, Taken: taken, Entries: entries}, nil
}
