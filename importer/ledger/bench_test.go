package ledger

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"etelecom-import/importer/phone"
)

const many = 200_000

func manyLines(n int) []byte {
	var b bytes.Buffer
	b.WriteString(head)
	for i := range n {
		fmt.Fprintf(&b, "%d,Nguyễn Thị Hồng Đào,09%08d,%d,%d,%d,done,,,2,2026-07-01T12:00:00Z,%s\n",
			i+2, i, 1301234567890123001+i, 1001+i, 1301234567890523001+i, account)
	}
	return b.Bytes()
}

// BenchmarkIntent takes intents from 32 goroutines on the real disk: one fsync for all that came meanwhile.
func BenchmarkIntent(b *testing.B) {
	l, err := Open(OS{}, filepath.Join(b.TempDir(), "staff.result.csv"), named("a benchmark"))
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	if err := l.Begin(Owner{ID: account}); err != nil {
		b.Fatal(err)
	}
	entries := make([]*Entry, b.N)
	for i := range entries {
		entries[i] = l.GetOrAdd(phone.Number(900000001 + i))
	}
	var next atomic.Int64
	var g sync.WaitGroup
	b.ResetTimer()
	for range 32 {
		g.Go(func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				if _, err := l.BeginCreate(entries[i-1], Moment{Here: noon}, noon); err != nil {
					b.Error(err)
				}
			}
		})
	}
	g.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "intents/s")
}

func BenchmarkReadResult(b *testing.B) {
	text := manyLines(many)
	b.SetBytes(int64(len(text)))
	var before, after runtime.MemStats
	for b.Loop() {
		runtime.GC()
		runtime.ReadMemStats(&before)
		l := newEntries()
		if err := (&resultFile{}).parse(bytes.NewReader(text), l); err != nil {
			b.Fatal(err)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(l)
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB-kept")
}

func BenchmarkFinish(b *testing.B) {
	l := mustRead(b, string(manyLines(many)))
	all := lines(l)
	for b.Loop() {
		if err := WriteLines(io.Discard, all); err != nil {
			b.Fatal(err)
		}
	}
}
