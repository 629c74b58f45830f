package report

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/importer/hint"
)

// A trace is for its user only, replaces an old trace, and has whole lines from several goroutines.
func TestTrace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.jsonl")
	failed := func(err error) { t.Error(err) }
	for range 2 {
		trace, err := NewTrace(path, TraceHead{Time: time.Now(), Version: "v1", BaseURL: "https://x/v1"}, failed)
		if err != nil {
			t.Fatal(err)
		}
		var calls sync.WaitGroup
		for i := range 8 {
			calls.Go(func() { trace.Record(&apiclient.Exchange{Call: int64(i)}) })
		}
		calls.Wait()
		// Nothing waits in memory: a kill would lose none of it.
		text, _ := os.ReadFile(path)
		if lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n"); len(lines) != 9 || !strings.HasPrefix(lines[0], `{"trace":1,"time":"`) {
			t.Errorf("%s", text)
		} else {
			for _, line := range lines {
				if !json.Valid([]byte(line)) {
					t.Errorf("no JSON: %s", line)
				}
			}
		}
		if err := trace.Close(); err != nil {
			t.Error(err)
		}
		trace.Record("after the end")
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	var none *Trace
	none.Record("nothing")
	if err := none.Close(); err != nil {
		t.Error(err)
	}
}

// Whatever else is there is refused, and stays as it is.
func TestTraceRefuses(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	for name, text := range map[string]string{"old": `{"trace":1}` + "\n", "list.csv": "name,phone\n", "short": "x"} {
		if err := os.WriteFile(path(name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(path("folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	refused := map[string]string{"list.csv": "is no trace", "short": "is no trace", "folder": "is not a regular file"}
	linked := func(to, name string) bool { // not everybody can make links on Windows, nor does every version of wine know them again
		if err := os.Symlink(to, path(name)); err != nil {
			return false
		}
		_, err := os.Readlink(path(name))
		return err == nil
	}
	if linked("old", "link") && linked("new", "dangling") {
		refused["link"], refused["dangling"] = "is a link", "is a link"
	}
	if runtime.GOOS != "windows" && os.Geteuid() == 0 {
		if err := os.WriteFile(path("theirs"), []byte(`{"trace":1}`), 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(path("theirs"), 12345, 12345); err != nil {
			t.Fatal(err)
		}
		refused["theirs"] = "belongs to another user"
	}
	for name, why := range refused {
		before, _ := os.ReadFile(path(name))
		_, err := NewTrace(path(name), TraceHead{}, nil)
		if err == nil || !strings.Contains(err.Error(), why) || hint.Of(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
		if after, _ := os.ReadFile(path(name)); string(after) != string(before) {
			t.Errorf("%s has changed: %s", name, after)
		}
	}
	if _, err := NewTrace("-", TraceHead{}, nil); err == nil || hint.Of(err) == "" {
		t.Error("standard output is no trace")
	}
	if _, err := os.Lstat(path("new")); err == nil {
		t.Error("a file was made through a link")
	}
	if _, err := NewTrace(path("missing/t.jsonl"), TraceHead{}, nil); err == nil || !strings.Contains(err.Error(), "there is no folder "+path("missing")) || hint.Of(err) == "" {
		t.Error(err)
	}
}

// A trace that cannot be written any more says so once, and holds no part of a line.
func TestTraceFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.jsonl")
	told := 0
	trace, err := NewTrace(path, TraceHead{}, func(err error) {
		if told++; !strings.Contains(err.Error(), path) {
			t.Error(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	_ = trace.file.Close() // as a full disk does, it fails all writes
	for i := range 3 {
		trace.Record(i)
	}
	if told != 1 || trace.Close() != nil {
		t.Errorf("told %d times", told)
	}
}

// TestTraceFieldsAreDocumented compares the names of all fields that a trace can have with the table of the manual.
func TestTraceFieldsAreDocumented(t *testing.T) {
	fields := map[string]bool{}
	var collect func(reflect.Type)
	collect = func(s reflect.Type) {
		for s.Kind() == reflect.Pointer || s.Kind() == reflect.Slice {
			s = s.Elem()
		}
		if s.Kind() != reflect.Struct || s == reflect.TypeFor[time.Time]() {
			return
		}
		for f := range s.Fields() {
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
				fields[name] = true
				collect(f.Type)
			} else if f.IsExported() {
				t.Errorf("%v.%s has no name in JSON", s, f.Name)
			}
		}
	}
	collect(reflect.TypeFor[TraceHead]())
	collect(reflect.TypeFor[apiclient.Exchange]())
	manual, err := os.ReadFile("../MANUAL.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(manual), "\n## Traces\n")
	section, _, _ = strings.Cut(section, "\n## ")
	documented := map[string]bool{}
	for line := range strings.Lines(section) {
		if first, _, ok := strings.Cut(strings.TrimPrefix(line, "| "), " | "); ok && strings.HasPrefix(line, "| ") {
			for _, name := range regexp.MustCompile("`([a-z_]+)`").FindAllStringSubmatch(first, -1) {
				documented[name[1]] = true
			}
		}
	}
	var missing []string
	for name := range fields {
		if !documented[name] {
			missing = append(missing, name)
		}
	}
	for name := range documented {
		if !fields[name] {
			missing = append(missing, name+" (not in a trace)")
		}
	}
	if slices.Sort(missing); len(missing) > 0 || len(fields) < 20 {
		t.Errorf("the manual and a trace differ in: %s", fmt.Sprint(missing))
	}
}
