package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unsafe"

	"pgregory.net/rapid"
)

// replayAtOnce is what replay decides, written down for a journal that is in memory as a whole.
func replayAtOnce(data []byte, apply func(event) error) error {
	var next, group, first uint64
	for len(data) > 0 {
		line, rest, whole := bytes.Cut(data, []byte{'\n'})
		r, ok := parseRecord(line, &room{})
		if !whole || !ok || r.sequence != next {
			break
		}
		if (next == 0) != (r.event.Run != nil) {
			return errDamaged
		}
		if next == 0 {
			first = 1 + uint64(r.event.Run.Carried)
		}
		if err := apply(r.event); err != nil {
			return err
		}
		next, group, data = next+1, r.group, rest
		if r.last {
			group++
		}
	}
	if next == 0 || next < first {
		return errDamaged
	}
	for line := range bytes.SplitSeq(data, []byte{'\n'}) {
		r, ok := parseRecord(bytes.TrimLeft(line, "\x00"), &room{})
		if ok && r.sequence >= next && r.group != group {
			return errDamaged
		}
	}
	return nil
}

// decided is what a replay gives: the events that it took, and its error.
func decided(replay func(apply func(event) error) error) (string, error) {
	var taken bytes.Buffer
	err := replay(func(e event) error { return json.NewEncoder(&taken).Encode(e) })
	return taken.String(), err
}

func sameDecision(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, data []byte, r io.Reader, most int,
) {
	t.Helper()
	taken, err := decided(func(apply func(event) error) error { return replayLines(newLineReader(r, most), apply) })
	want, wantErr := decided(func(apply func(event) error) error { return replayAtOnce(data, apply) })
	if taken != want || !errors.Is(err, wantErr) {
		t.Fatalf("%q\ntook\n%s%v\nwant\n%s%v", data, taken, err, want, wantErr)
	}
}

// Whatever a journal looks like, and whatever little of it is in memory, the decision is that of one who sees all of it.
func TestReplayDecidesAsIfItSawAll(t *testing.T) {
	story, ends := written(story())
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
	data, ends := written(story())
	durable := data[:ends[6]]
	long := func(sequence, group uint64) []byte {
		line, err := newRecorder().append(nil, sequence, group, true, event{Entry: recordOf(&Entry{Phone: person(9), Status: Done, Name: strings.Repeat("x", 9000)})})
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
		taken, err := decided(func(apply func(event) error) error {
			return replayLines(newLineReader(bytes.NewReader(test.data), 1000), apply)
		})
		if strings.Count(taken, "\n") != 7 || errors.Is(err, errDamaged) != test.damaged {
			t.Errorf("%s: %v, after\n%s", name, err, taken)
		}
	}
}

// What the reader would refuse is never written: the intent fails, and nothing is sent.
func TestNoRecordIsTooLong(t *testing.T) {
	fits := func(n int) error {
		_, err := newRecorder().append(nil, 1, 1, true, event{Entry: recordOf(&Entry{Phone: person(1), Name: strings.Repeat("x", n)})})
		return err
	}
	if err := fits(maxRecord - 100); err != nil {
		t.Error(err)
	}
	if err := fits(maxRecord); err == nil {
		t.Error("a record that cannot be read was written")
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
	data, ends := written(story())
	behind, err := newRecorder().append(nil, 11, 9, true, event{Creating: &creating{person(9), Intent{Attempt: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	for value, most := range map[byte]uint64{0: 1 << 20, 'x': 10 * maxRecord} {
		r := io.MultiReader(bytes.NewReader(data[:ends[6]]), &endless{value, size}, strings.NewReader("\n"), bytes.NewReader(behind))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := replay(r, func(event) error { return nil })
		runtime.ReadMemStats(&after)
		if !errors.Is(err, errDamaged) {
			t.Errorf("%q: the record behind it was not seen: %v", value, err)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > most {
			t.Errorf("%q: %d MiB of memory", value, took>>20)
		}
	}
}

// A journal that cannot be read to its end is no torn one.
func TestJournalThatCannotBeReadToItsEnd(t *testing.T) {
	data, ends := written(story())
	for n := range data[:ends[7]] {
		r := io.MultiReader(bytes.NewReader(data[:n]), iotest.ErrReader(io.ErrClosedPipe))
		if err := replay(r, func(event) error { return nil }); !errors.Is(err, io.ErrClosedPipe) {
			t.Fatalf("after %d bytes: %v", n, err)
		}
	}
}

// Thousands of entries with the same trouble share its text, and no text keeps the line that it stood in.
func TestTroubleIsKeptOnce(t *testing.T) {
	failed := func(p int) event {
		e := &Entry{Phone: person(p), Status: Failed, Attempts: 1}
		e.tell(trouble{code: "invalid_argument", why: "Số điện thoại không hợp lệ"})
		return event{Entry: recordOf(e)}
	}
	data, _ := written([]event{{Run: &header{Version: journalVersion, Account: account}}, failed(1), failed(2)})
	l, err := readJournalOf(data)
	if err != nil {
		t.Fatal(err)
	}
	code, why := l.Entry(person(1)).Reason()
	code2, why2 := l.Entry(person(2)).Reason()
	if unsafe.StringData(code) != unsafe.StringData(code2) || unsafe.StringData(why) != unsafe.StringData(why2) || code != "invalid_argument" {
		t.Errorf("%q and %q are there twice", code, why)
	}
}

// A record whose parts stand elsewhere than this program writes them is read all the same.
func TestRecordsByOtherHands(t *testing.T) {
	for text, want := range map[string]string{
		`{"creating":null,"entry":{"phone":901234561,"status":"done"}}`: `{"entry":{"phone":901234561,"status":"done"}}`,
		`{"entry":null}`: `{}`,
		`{ "ENTRY" : {"phone":901234561,"status":"done"}}`: `{"entry":{"phone":901234561,"status":"done"}}`,
	} {
		into := &room{entry: entry{Name: "of the record before"}, creating: creating{Intent: Intent{Boot: "of the record before"}}}
		e, err := into.read([]byte(text))
		got, err2 := json.Marshal(e)
		if err != nil || err2 != nil || string(got) != want {
			t.Errorf("%s: %s, %v, %v", text, got, err, err2)
		}
	}
}
