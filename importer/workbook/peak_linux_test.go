package workbook

import (
	"archive/zip"
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// TestMain makes a process that does one thing with a workbook and ends, for other tests to measure and to watch.
func TestMain(m *testing.M) {
	job, path, _ := strings.Cut(os.Getenv("WORKBOOK_JOB"), " ")
	if job == "" {
		os.Exit(m.Run())
	}
	began := time.Now()
	if err := jobs[job](path); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	status, _ := os.ReadFile("/proc/self/status")
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	fmt.Println(strings.Fields(peak)[0], time.Since(began).Seconds())
}

var jobs = map[string]func(path string) error{
	"read": func(path string) error {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		info, err := f.Stat()
		if err != nil {
			return err
		}
		r, err := Open(f, info.Size(), Options{Header: func(cells []string) bool { return cells[0] == "name" }})
		for err == nil {
			_, err = r.Read()
		}
		if err != io.EOF || r.Row() < 1000 {
			return errors.Join(err, fmt.Errorf("%d rows", r.Row()))
		}
		return nil
	},
	"excelize": func(path string) error {
		return excelizeLoop(path, excelize.Options{RawCellValue: true, UnzipXMLSizeLimit: 1 << 30, UnzipSizeLimit: 1 << 31})
	},
	"excelize-spilling": func(path string) error { return excelizeLoop(path, excelize.Options{UnzipXMLSizeLimit: 1 << 10}) },
	"write": func(path string) error {
		f, err := os.Create(path)
		if err != nil {
			return err
		}
		w := NewWriter(f, Sheet{"Sheet1", []Column{{"name", 20, false}, {"phone", 20, false}, {"password", 20, false}, {"extension_number", 20, false}, {"note", 20, false}}})
		for i := range 50_000 {
			_ = w.Write(person(i)...)
		}
		return errors.Join(w.Close(), f.Close())
	},
}

// excelizeLoop reads a workbook by excelize, and does nothing with its rows.
func excelizeLoop(path string, o excelize.Options) error {
	f, err := excelize.OpenFile(path, o)
	if err != nil {
		return err
	}
	rows, err := f.Rows("Sheet1")
	if err != nil {
		return err
	}
	n := 0
	for ; rows.Next(); n++ {
		if _, err := rows.Columns(o); err != nil {
			return err
		}
	}
	if n < 1000 {
		return fmt.Errorf("%d rows", n)
	}
	return errors.Join(rows.Error(), rows.Close(), f.Close())
}

// person returns the cells of a row, all of them unlike those of other rows.
func person(i int) []string {
	return []string{
		fmt.Sprintf("Nguyễn Thị Thu Hà %d", i), fmt.Sprintf("09%08d", i), fmt.Sprintf("Bien-xanh-%07d", i*7919%10_000_000), fmt.Sprint(1000 + i),
		fmt.Sprintf("13012345678%08d", i),
	}
}

// bigWorkbook writes a workbook of n rows with shared texts, as Excel writes them.
func bigWorkbook(t testing.TB, n int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "big.xlsx")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	part := func(name string, write func(w io.Writer)) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		b := bufio.NewWriter(w)
		write(b)
		_ = b.Flush()
	}
	for name, text := range map[string]string{
		"_rels/.rels": rootRels, "xl/_rels/workbook.xml.rels": bookRels, "xl/workbook.xml": bookXML, "xl/styles.xml": styles,
		"[Content_Types].xml": `<Types xmlns="` + contentTypes + `"><Default Extension="xml" ContentType="application/xml"/></Types>`,
	} {
		part(name, func(w io.Writer) { fmt.Fprint(w, text) })
	}
	part("xl/sharedStrings.xml", func(w io.Writer) {
		fmt.Fprint(w, `<sst xmlns="`+spreadsheetML+`">`+"<si><t>name</t></si><si><t>phone</t></si><si><t>password</t></si><si><t>extension_number</t></si><si><t>extension_id</t></si>")
		for i := range n {
			for _, text := range person(i) {
				fmt.Fprintf(w, `<si><t xml:space="preserve">%s</t></si>`, text)
			}
		}
		fmt.Fprint(w, "</sst>")
	})
	part("xl/worksheets/sheet1.xml", func(w io.Writer) {
		fmt.Fprint(w, `<worksheet xmlns="`+spreadsheetML+`"><sheetData>`)
		for i := range n + 1 {
			fmt.Fprintf(w, `<row r="%d" spans="1:5" customFormat="false" ht="12.8">`, i+1)
			for c := range 5 {
				fmt.Fprintf(w, `<c r="%s%d" s="1" t="s"><v>%d</v></c>`, columnName(c), i+1, 5*i+c)
			}
			fmt.Fprint(w, `</row>`)
		}
		fmt.Fprint(w, `</sheetData></worksheet>`)
	})
	if err := errors.Join(z.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// do runs a job in a process of its own, and returns its peak of memory in MB and how long it took.
func do(t testing.TB, job, path string, wrapper ...string) (megabytes float64, seconds float64) {
	t.Helper()
	args := append(wrapper, os.Args[0])
	c := exec.Command(args[0], args[1:]...)
	c.Env = append(os.Environ(), "WORKBOOK_JOB="+job+" "+path, "GOMAXPROCS=1")
	out, err := c.CombinedOutput()
	var peak float64
	if _, scanned := fmt.Sscan(string(out), &peak, &seconds); err != nil || scanned != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return peak * 1024 / 1e6, seconds
}

// BenchmarkPeak reads 100,000 rows of 5 columns in a process of its own, on one processor, beside excelize's bare loop:
//
//	go test ./importer/workbook -run XXX -bench Peak -benchtime 3x
func BenchmarkPeak(b *testing.B) {
	path := bigWorkbook(b, 100_000)
	for _, job := range []string{"read", "excelize"} {
		b.Run(job, func(b *testing.B) {
			var most, took float64
			for b.Loop() {
				megabytes, seconds := do(b, job, path)
				most, took = max(most, megabytes), took+seconds
			}
			b.ReportMetric(most, "MB-peak")
			b.ReportMetric(took/float64(b.N), "s/file")
		})
	}
}

// TestNoTemporaryFiles watches which files a process opens to write. Workbooks hold passwords, and these are large enough for
// libraries to put them into a temporary file: the sheet has 20 MB, and its shared texts have more than 20 MB.
func TestNoTemporaryFiles(t *testing.T) {
	if out, err := exec.Command("strace", "-V").CombinedOutput(); err != nil {
		t.Skipf("there is no strace: %v %s", err, out)
	}
	info, _ := debug.ReadBuildInfo()
	if slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		t.Skip("one goroutine has no races, and takes minutes here")
	}
	big := bigWorkbook(t, 120_000)
	f, err := os.Open(big)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	stat, _ := f.Stat()
	a, err := openArchive(f, stat.Size())
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"} {
		if size := a.parts[strings.ToLower(part)].UncompressedSize64; size < 20<<20 {
			t.Fatalf("%s has %d bytes", part, size)
		}
	}
	written := filepath.Join(t.TempDir(), "written.xlsx")
	for _, c := range []struct{ job, path, may string }{{"read", big, ""}, {"write", written, written}, {"read", written, ""}} {
		for _, name := range opened(t, c.job, c.path) {
			if name != c.may {
				t.Errorf("%s %s: %s is opened to write", c.job, c.path, name)
			}
		}
	}
	// The watch itself works: it sees what excelize does with a part that is larger than a limit, which is 16 MB by default.
	if names := opened(t, "excelize-spilling", bigWorkbook(t, 1500)); len(names) == 0 {
		t.Error("excelize made no temporary file, or strace did not see it")
	}
}

// opened runs a job and returns the files that it opened to write, or made.
func opened(t *testing.T, job, path string) (names []string) {
	t.Helper()
	log := filepath.Join(t.TempDir(), "strace.log")
	do(t, job, path, "strace", "-f", "--seccomp-bpf", "-qq", "-e", "signal=none", "-o", log,
		"-e", "trace=open,openat,openat2,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,mknod,mknodat,memfd_create")
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	calls := 0
	for line := range strings.Lines(string(text)) {
		calls++
		opens := strings.Contains(line, "open")
		writes := strings.Contains(line, "O_WRONLY") || strings.Contains(line, "O_RDWR") || strings.Contains(line, "O_CREAT")
		if opens && !writes {
			continue
		}
		if _, name, ok := strings.Cut(line, `"`); ok {
			name, _, _ = strings.Cut(name, `"`)
			names = append(names, name)
		}
	}
	if calls == 0 {
		t.Error("strace saw nothing")
	}
	return names
}
