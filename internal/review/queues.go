package review

import (
	"fmt"
	"os"
	"time"

	"rimbalzo/internal/advice"
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

// readQueues reads mail queue listings. A listing is as old as its file, or as the moment where that is earlier.
func readQueues(paths []string, zone *time.Location, at time.Time) ([]advice.Queued, error) {
	var list []advice.Queued
	for _, path := range paths {
		entries, err := readQueue(path, zone, at)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			list = append(list, advice.Queued{Source: path + "#" + e.ID, Sender: e.Sender, Recipient: e.Recipient, Arrived: e.Arrived, Reason: e.Reason})
		}
	}
	return list, nil
}

func readQueue(path string, zone *time.Location, at time.Time) ([]queue.Entry, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	taken := at
	if st, err := f.Stat(); err == nil && st.ModTime().Before(at) {
		taken = st.ModTime()
	}
	entries, err := queue.Read(f, taken, zone)
	if err != nil {
		return nil, &QueueError{Path: path, Err: err}
	}
	return entries, nil
}
