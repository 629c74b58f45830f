package roster

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// ROSTER_ROWS sets the rows of the benchmarks' rosters.
func benchRows() int {
	if n, err := strconv.Atoi(os.Getenv("ROSTER_ROWS")); err == nil {
		return n
	}
	return 100_000
}

// writeRoster writes a file of n rows, about 80 bytes each, and returns its path and size.
func writeRoster(tb testing.TB, n int, wrong bool) (string, int64) {
	tb.Helper()
	var b bytes.Buffer
	b.WriteString("name,phone,password,extension_id\n")
	random := rand.New(rand.NewPCG(1, 2))
	phones := random.Perm(n)
	for i := range n {
		phone := fmt.Sprintf("09%08d", 1+phones[i])
		if wrong {
			phone = fmt.Sprintf("8.49%05dE+10", i%100_000)
		}
		fmt.Fprintf(&b, "Nguyễn Thị Thu Hà %d,%s,Lua-mua-%07d-xyzw,13%013d%04d\n",
			i%1000, phone, random.IntN(1e7), random.Int64N(1e13), 1+random.IntN(9999))
	}
	path := filepath.Join(tb.TempDir(), "roster.csv")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		tb.Fatal(err)
	}
	return path, int64(b.Len())
}

func BenchmarkPlainCSV(b *testing.B) {
	path, size := writeRoster(b, benchRows(), false)
	b.SetBytes(size)
	for b.Loop() {
		f, err := os.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		r := csv.NewReader(f)
		r.ReuseRecord = true
		for err == nil {
			_, err = r.Read()
		}
		_ = f.Close()
		if err != io.EOF {
			b.Fatal(err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	for _, bench := range []struct {
		name           string
		wrong, offline bool
	}{
		{"offline", false, true},
		{"online", false, false},
		{"wrong", true, true},
	} {
		b.Run(bench.name, func(b *testing.B) {
			path, size := writeRoster(b, benchRows(), bench.wrong)
			b.SetBytes(size)
			b.ReportAllocs()
			for b.Loop() {
				r, err := ReadFile(path, Options{ValidateOnly: bench.offline})
				if err != nil || len(r.Rows) != benchRows() {
					b.Fatal(len(r.Rows), err)
				}
			}
		})
	}
}
