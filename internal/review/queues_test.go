package review

import (
	"os"
	"testing"
	"time"

	"rimbalzo/internal/checklist"
)

// TestQueueTrend: of two listings of one server the newer counts, and both tell how the queue grew.
func TestQueueTrend(t *testing.T) {
	line := func(id, arrived, to string) string {
		return `{"queue_name": "deferred", "queue_id": "` + id + `", "arrival_time": ` + arrived + `, "sender": "elena@fabbri.example", "recipients": [{"address": "` + to + `"}]}` + "\n"
	}
	early := file(t, "early.json", text(line("A1", "1674644400", "nonna@libero.it")+line("A2", "1674644400", "zia@libero.it")))
	late := file(t, "late.json", text(line("A1", "1674644400", "nonna@libero.it")+line("A3", "1674730800", "zio@libero.it")+line("A4", "1674730801", "zio@libero.it")))
	req := request(t, "2023-01-28 18:00")
	for path, at := range map[string]time.Time{early: req.At.Add(-60 * time.Hour), late: req.At.Add(-12 * time.Hour)} {
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	req.Queues = []string{late, early}
	r, err := Run(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Items) != 3 {
		t.Errorf("%d items, want those of the newer listing: %+v", len(r.Items), r.Items)
	}
	want := checklist.QueueTrend{From: req.At.Add(-60 * time.Hour), To: req.At.Add(-12 * time.Hour), Before: 2, After: 3, PerDay: 1}
	if len(r.Queues) != 1 || !r.Queues[0].From.Equal(want.From) || !r.Queues[0].To.Equal(want.To) || r.Queues[0].Before != 2 || r.Queues[0].After != 3 || r.Queues[0].PerDay != 1 {
		t.Errorf("the queue is said to go %+v, want %+v", r.Queues, want)
	}
}
