package roster

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestMain makes a process that reads one roster and ends, for [BenchmarkPeak] to measure.
func TestMain(m *testing.M) {
	path := os.Getenv("ROSTER_PEAK")
	if path == "" {
		os.Exit(m.Run())
	}
	if _, err := ReadFile(path, Options{ValidateOnly: os.Getenv("ROSTER_OFFLINE") != ""}); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	status, _ := os.ReadFile("/proc/self/status")
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	fmt.Println(peak)
}

// BenchmarkPeak reports the largest memory of a process that does nothing but read a roster, and its time on all
// processors. GOGC counts. (The system's own figure, ru_maxrss, is no less than that of the process that started it.)
func BenchmarkPeak(b *testing.B) {
	for _, bench := range []struct {
		name, offline string
		wrong         bool
	}{
		{"offline", "1", false},
		{"online", "", false},
		{"wrong", "1", true},
	} {
		b.Run(bench.name, func(b *testing.B) {
			path, size := writeRoster(b, benchRows(), bench.wrong)
			b.SetBytes(size)
			var most, processors float64
			for b.Loop() {
				c := exec.Command(os.Args[0])
				c.Env = append(os.Environ(), "ROSTER_PEAK="+path, "ROSTER_OFFLINE="+bench.offline)
				out, err := c.CombinedOutput()
				var peak float64
				if _, scanned := fmt.Sscan(string(out), &peak); err != nil || scanned != nil {
					b.Fatalf("%v: %s", err, out)
				}
				most = max(most, peak*1024/1e6)
				processors += (c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds()
			}
			b.ReportMetric(most, "MB-peak")
			b.ReportMetric(processors/float64(b.N), "cpu-s")
		})
	}
}
