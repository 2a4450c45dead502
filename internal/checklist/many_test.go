package checklist

import (
	"fmt"
	"io"
	"runtime"
	"testing"
	"time"

	"rimbalzo/internal/advice"
)

// many is a report of n items of all kinds.
func many(t testing.TB, n int) Report {
	r := sample(t)
	kinds := r.Items
	r.Items = make([]advice.Item, n)
	for i := range r.Items {
		item := kinds[i%len(kinds)]
		item.MessageID = fmt.Sprintf("%d@studio.example", i)
		item.Recipient = fmt.Sprintf("persona.%d@libero.it", i%977)
		item.SentAt.At = item.SentAt.At.Add(time.Duration(i*7919%3600) * time.Second)
		item.Reasons = []advice.Reason{
			{Rule: "bounce-reply", Args: map[string]any{"Code": 550, "Time": item.SentAt.At}},
			{Rule: "sample", Args: map[string]any{"Host": "mx.libero.it"}},
		}
		r.Items[i] = item
	}
	return r
}

// watermark keeps the largest heap seen while something is written to it.
type watermark struct {
	written, next int
	base, peak    uint64
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func (w *watermark) Write(p []byte) (int, error) {
	if w.written += len(p); w.written >= w.next {
		w.next = w.written + 2<<20
		w.peak = max(w.peak, heap())
	}
	return len(p), nil
}

// TestMemory: a list is written as it goes; what is held beside the report is its order, some 100 bytes an item.
func TestMemory(t *testing.T) {
	const n = 10_000
	r := many(t, n)
	for _, f := range Formats {
		w := &watermark{base: heap()}
		if err := Write(w, f, r, italian(t)); err != nil {
			t.Fatal(err)
		}
		const limit = n*150 + 1<<20
		if used := int64(w.peak) - int64(w.base); used > limit {
			t.Errorf("%s holds %d bytes while writing %d, more than %d", f, used, w.written, limit)
		}
		if w.written < n*100 {
			t.Errorf("%s wrote only %d bytes", f, w.written)
		}
	}
	runtime.KeepAlive(r)
}

func BenchmarkWrite(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		r := many(b, n)
		for _, f := range Formats {
			b.Run(fmt.Sprintf("%s/%d", f, n), func(b *testing.B) {
				b.ReportAllocs()
				o := italian(b)
				for b.Loop() {
					if err := Write(io.Discard, f, r, o); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*n), "µs/item")
			})
		}
	}
}
