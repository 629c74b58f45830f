package ledger

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"etelecom-import/importer/phone"
)

// TestMain makes a process that reads one ledger and ends, for [BenchmarkPeak] to measure.
func TestMain(m *testing.M) {
	path := os.Getenv("LEDGER_PEAK")
	if path == "" {
		os.Exit(m.Run())
	}
	if _, err := Read(OS{}, path); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	status, _ := os.ReadFile("/proc/self/status")
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	fmt.Println(peak)
}

// BenchmarkPeak reports the largest memory of a process that resumes after a kill at the very end of a run, and its time:
//
//	go test ./importer/ledger -run XXX -bench Peak -benchtime 3x
func BenchmarkPeak(b *testing.B) {
	for _, rows := range []int{200_000, 1_000_000} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "staff.result.csv")
			b.SetBytes(writeJournal(b, path+journalSuffix, rows))
			var most float64
			for b.Loop() {
				c := exec.Command(os.Args[0])
				c.Env = append(os.Environ(), "LEDGER_PEAK="+path)
				out, err := c.CombinedOutput()
				var peak float64
				if _, scanned := fmt.Sscan(string(out), &peak); err != nil || scanned != nil {
					b.Fatalf("%v: %s", err, out)
				}
				most = max(most, peak*1024/1e6)
			}
			b.ReportMetric(most, "MB-peak")
		})
	}
}

// writeJournal writes the journal of a run that was killed when all of its rows were done, and returns its size.
func writeJournal(b *testing.B, path string, rows int) (size int64) {
	b.Helper()
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	var (
		w        = bufio.NewWriterSize(f, 1<<20)
		sequence uint64
		line     []byte
	)
	write := func(last bool, e record) {
		line = appendRecord(line[:0], sequence, sequence/96, last, e)
		_, _ = w.Write(line)
		sequence++
		size += int64(len(line))
	}
	write(false, record{Run: &headerRecord{Version: journalVersion, Account: account}})
	for i := range rows {
		p := phone.Number(900000001 + i)
		e := &Entry{Phone: p, Name: "Nguyễn Thị Hồng Đào", Attempts: 1, Updated: noon.Unix(), Status: Created, UserID: int64(1301234567890523001 + i)}
		write(false, record{Creating: &intentRecord{p, Intent{Attempt: 1, At: noon.Unix(), Boot: "3c0a1f4e-0c5e-4b0a-9d55-0d6f2b8f1a77", Up: 123456789}}})
		write(false, record{Entry: recordOf(e)})
		e.Status, e.Attempts, e.ExtensionID, e.ExtensionNumber = Done, 2, int64(1301234567890123001+i), fmt.Sprint(1001+i)
		write(i%32 == 31, record{Entry: recordOf(e)})
	}
	if err := errors.Join(w.Flush(), f.Close()); err != nil {
		b.Fatal(err)
	}
	return size
}
