package session

import "rimbalzo/internal/watch"

// Past is what the watcher saw and kept, the oldest first in each list: looks of the last 30 days ([watch.KeepLooks]), hourly
// sums of a year ([watch.KeepSums]), and incidents, which are kept for ever.
type Past struct {
	Looks     []watch.Seen
	Sums      []watch.Sum
	Incidents []watch.Incident
}
