package journal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// story is a journal with everything in it: three records that the file was made with, and groups of one and of several.
func story() (data []byte, ends []int) {
	for i, g := range []struct {
		group uint64
		last  bool
	}{{0, true}, {0, true}, {0, true}, {1, true}, {2, false}, {2, false}, {2, true}, {3, false}, {3, false}, {3, true}} {
		var err error
		text := fmt.Sprintf(`{"record":%d,"name":"%s"}`, i, strings.Repeat("Đào ", 1+i%3))
		if data, err = (Record{uint64(i), g.group, g.last, []byte(text)}).AppendTo(data); err != nil {
			panic(err)
		}
		ends = append(ends, len(data))
	}
	return data, ends
}

// replayAtOnce is what replay decides, written down for a journal that is in memory as a whole.
func replayAtOnce(data []byte, apply func([]byte) error) error {
	var next, group uint64
	for len(data) > 0 {
		line, rest, whole := bytes.Cut(data, []byte{'\n'})
		r, ok := Parse(line)
		if !whole || !ok || r.Sequence != next {
			break
		}
		if err := apply(r.Data); err != nil {
			return err
		}
		next, group, data = next+1, r.Group, rest
		if r.Last {
			group++
		}
	}
	if next == 0 {
		return ErrDamaged
	}
	for line := range bytes.SplitSeq(data, []byte{'\n'}) {
		r, ok := Parse(bytes.TrimLeft(line, "\x00"))
		if ok && r.Sequence >= next && r.Group != group {
			return ErrDamaged
		}
	}
	return nil
}

// decided is what a replay gives: the records that it took, one a line, and its error.
func decided(replay func(apply func([]byte) error) error) (string, error) {
	var taken bytes.Buffer
	err := replay(func(data []byte) error { fmt.Fprintf(&taken, "%s\n", data); return nil })
	return taken.String(), err
}

func sameDecision(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, data []byte, r io.Reader, most int,
) {
	t.Helper()
	var records uint64
	taken, err := decided(func(apply func([]byte) error) (err error) {
		records, err = replay(newLineReader(r, most), apply)
		return err
	})
	want, wantErr := decided(func(apply func([]byte) error) error { return replayAtOnce(data, apply) })
	if taken != want || !errors.Is(err, wantErr) || records != uint64(strings.Count(want, "\n")) {
		t.Fatalf("%q\ntook %d\n%s%v\nwant\n%s%v", data, records, taken, err, want, wantErr)
	}
}

// FuzzReplay gives the reader any bytes: it decides as one who sees all of them.
func FuzzReplay(f *testing.F) {
	data, ends := story()
	f.Add(data)
	f.Add(data[:ends[4]+10])
	f.Add(append(bytes.Clone(data[:ends[5]]), make([]byte, 100)...))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) { sameDecision(t, data, bytes.NewReader(data), MaxRecord) })
}

// Whatever a journal looks like, and whatever little of it is in memory, the decision is that of one who sees all of it.
func TestReplayDecidesAsIfItSawAll(t *testing.T) {
	story, ends := story()
	longest := ends[0]
	for i := 1; i < len(ends); i++ {
		longest = max(longest, ends[i]-ends[i-1])
	}
	rapid.Check(t, func(t *rapid.T) {
		data := slices.Clone(story)
		at := func(name string) int { return rapid.IntRange(0, len(data)).Draw(t, name) }
		for range rapid.IntRange(0, 4).Draw(t, "changes") {
			from := at("from")
			to := min(len(data), from+rapid.IntRange(0, longest).Draw(t, "length"))
			if rapid.Bool().Draw(t, "whole records") {
				i := rapid.IntRange(1, len(ends)-1).Draw(t, "record")
				from, to = min(ends[i-1], len(data)), min(ends[i], len(data))
			}
			filling := strings.Repeat(rapid.SampledFrom([]string{"\x00", "x", "\n", "0", "\x00\n", "ab c"}).Draw(t, "filling"), rapid.IntRange(0, 5*longest).Draw(t, "times"))
			switch rapid.IntRange(0, 4).Draw(t, "change") {
			case 0:
				data = data[:from]
			case 1:
				data = slices.Concat(data[:from], []byte(filling), data[from:])
			case 2:
				data = slices.Concat(data[:from], []byte(filling), data[to:])
			case 3:
				data = slices.Concat(data[:to], data[from:])
			case 4:
				if from < len(data) {
					data[from] ^= 1 << (from % 8)
				}
			}
		}
		var r io.Reader = bytes.NewReader(data)
		if rapid.Bool().Draw(t, "byte by byte") {
			r = iotest.DataErrReader(iotest.OneByteReader(r))
		}
		sameDecision(t, data, r, longest)
	})
}

// Of a line that is longer than any record, too, it is known whether it is a record, and of which group.
func TestLinesLongerThanRecords(t *testing.T) {
	data, ends := story()
	durable := data[:ends[6]]
	long := func(sequence, group uint64) []byte {
		line, err := Record{sequence, group, true, bytes.Repeat([]byte("x"), 9000)}.AppendTo(nil)
		if err != nil {
			t.Fatal(err)
		}
		return line
	}
	untrue := long(7, 4)
	untrue[8000] ^= 1
	nuls := make([]byte, 100_000)
	for name, test := range map[string]struct {
		data    []byte
		damaged bool
	}{
		"its turn":                       {slices.Concat(durable, long(7, 3)), true}, // no program has written it, and no crash has torn it
		"behind it":                      {slices.Concat(durable, nuls, long(8, 4)), true},
		"behind it, without a LF":        {slices.Concat(durable, []byte("x\n"), nuls, bytes.TrimSpace(long(8, 4))), true},
		"of the torn group":              {slices.Concat(durable, nuls, long(8, 3)), false},
		"whose turn was before":          {slices.Concat(durable, nuls, long(5, 2)), false},
		"untrue":                         {slices.Concat(durable, untrue), false},
		"untrue, then one behind it":     {slices.Concat(durable, untrue, long(8, 4)), true},
		"a short one behind a long line": {slices.Concat(durable, bytes.Repeat([]byte("x"), 100_000), []byte("\n"), data[ends[6]:]), false},
	} {
		taken, err := decided(func(apply func([]byte) error) error {
			_, err := replay(newLineReader(bytes.NewReader(test.data), 1000), apply)
			return err
		})
		if strings.Count(taken, "\n") != 7 || errors.Is(err, ErrDamaged) != test.damaged {
			t.Errorf("%s: %v, after\n%s", name, err, taken)
		}
	}
}

// What the reader would not read is never written.
func TestRecordsThatCannotBeRead(t *testing.T) {
	for name, test := range map[string]struct {
		data []byte
		fits bool
	}{
		"the longest":  {bytes.Repeat([]byte("x"), MaxRecord-15), true},
		"too long":     {bytes.Repeat([]byte("x"), MaxRecord-14), false},
		"a line break": {[]byte("a\nb"), false},
		"nothing":      {nil, true},
	} {
		line, err := Record{1, 1, true, test.data}.AppendTo([]byte("before"))
		line, before := bytes.CutPrefix(line, []byte("before"))
		if (err == nil) != test.fits || !before || !test.fits && len(line) > 0 {
			t.Errorf("%s: %v", name, err)
		}
		if r, ok := Parse(bytes.TrimSuffix(line, []byte("\n"))); ok != test.fits || ok && !bytes.Equal(r.Data, test.data) {
			t.Errorf("%s: read %v", name, ok)
		}
	}
}

// endless reads as so many bytes of one value.
type endless struct {
	value byte
	left  int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n := min(len(p), e.left)
	for i := range p[:n] {
		p[i] = e.value
	}
	e.left -= n
	return n, nil
}

// The memory that a journal costs does not grow with it, be it records or one damaged line.
func TestJournalIsNotHeldInMemory(t *testing.T) {
	const size = 256 << 20
	data, ends := story()
	behind, err := Record{11, 9, true, []byte("x")}.AppendTo(nil)
	if err != nil {
		t.Fatal(err)
	}
	for value, most := range map[byte]uint64{0: 1 << 20, 'x': 10 * MaxRecord} {
		r := io.MultiReader(bytes.NewReader(data[:ends[6]]), &endless{value, size}, strings.NewReader("\n"), bytes.NewReader(behind))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Replay(r, func([]byte) error { return nil })
		runtime.ReadMemStats(&after)
		if !errors.Is(err, ErrDamaged) {
			t.Errorf("%q: the record behind it was not seen: %v", value, err)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > most {
			t.Errorf("%q: %d MiB of memory", value, took>>20)
		}
	}
}

// A journal that cannot be read to its end is no torn one.
func TestJournalThatCannotBeReadToItsEnd(t *testing.T) {
	data, ends := story()
	for n := range data[:ends[7]] {
		r := io.MultiReader(bytes.NewReader(data[:n]), iotest.ErrReader(io.ErrClosedPipe))
		if _, err := Replay(r, func([]byte) error { return nil }); !errors.Is(err, io.ErrClosedPipe) {
			t.Fatalf("after %d bytes: %v", n, err)
		}
	}
}

// The example in the package's comment is a journal.
func TestTheExampleIsTrue(t *testing.T) {
	source, err := os.ReadFile("record.go")
	if err != nil {
		t.Fatal(err)
	}
	var example bytes.Buffer
	for line := range strings.Lines(string(source)) {
		if text, ok := strings.CutPrefix(line, "//\t"); ok && strings.Contains(text, "{") {
			example.WriteString(text)
		}
	}
	if records, err := Replay(&example, func([]byte) error { return nil }); records != 3 || err != nil {
		t.Errorf("%d records: %v", records, err)
	}
}
