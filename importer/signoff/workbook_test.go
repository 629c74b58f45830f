package signoff_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"etelecom-import/importer/signoff"
)

func book(t testing.TB, in signoff.Input) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := signoff.WriteWorkbook(&b, signoff.Make(in)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestWorkbook: each list has a sheet with everybody who belongs there, phones and ids are texts, and no password is anywhere.
func TestWorkbook(t *testing.T) {
	inZone(t)
	for _, language := range signoff.Languages {
		in := input(t, language)
		in.Verification, in.IDs = verification(), true
		written := book(t, in)
		if !bytes.Equal(written, book(t, in)) {
			t.Error("the second time the bytes are others")
		}
		f, err := excelize.OpenReader(bytes.NewReader(written))
		if err != nil {
			t.Fatal(err)
		}
		if sheets := f.GetSheetList(); len(sheets) != 7 {
			t.Errorf("the sheets are %q", sheets)
		}
		var all strings.Builder
		for at, sheet := range f.GetSheetList() {
			rows, err := f.GetRows(sheet)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(&all, rows)
			if at == 0 {
				continue
			}
			for r, row := range rows {
				for c, cell := range row {
					name, _ := excelize.CoordinatesToCellName(c+1, r+1)
					if kind, err := f.GetCellType(sheet, name); err != nil || cell != "" && kind != excelize.CellTypeSharedString {
						t.Errorf("%s %s is no text: %q", sheet, name, cell)
					}
				}
			}
			if layout, err := f.GetPageLayout(sheet); err != nil || *layout.Size != 9 || *layout.FitToWidth != 1 {
				t.Errorf("%s does not print on A4: %v", sheet, err)
			}
			if panes, err := f.GetPanes(sheet); err != nil || !panes.Freeze {
				t.Errorf("%s has no titles that stay: %v", sheet, err)
			}
		}
		everybody, _ := f.GetRows(f.GetSheetList()[6])
		for i := range 9 {
			if row := everybody[i+1]; row[0] != fmt.Sprint(i+1) || row[3] != fmt.Sprint(1001+i) {
				t.Errorf("row %d of everybody is %q", i+1, row)
			}
		}
		if everybody[3][1] != `Lê <b>Hạnh</b> & "Út" {{.}} ' </td>` || everybody[1][6] != "1298509829533836799" || len(everybody) != 10 {
			t.Errorf("everybody: %q", everybody)
		}
		if strings.Contains(all.String(), "Sen-trang") {
			t.Error("a password")
		}
		titles := slices.ContainsFunc(f.GetDefinedName(), func(n excelize.DefinedName) bool { return n.Name == "_xlnm.Print_Titles" })
		if !titles {
			t.Error("the titles are not on every page")
		}
	}
}

// TestLibreOffice opens the workbook in LibreOffice, where it is installed, and prints it.
func TestLibreOffice(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes seconds")
	}
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed")
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "sign-off.xlsx")
	in := input(t, "vi")
	in.Verification = verification()
	if err := os.WriteFile(path, book(t, in), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, office, "-env:UserInstallation=file://"+filepath.ToSlash(filepath.Join(dir, "profile")), "--headless", "--convert-to", "pdf", "--outdir", dir, path).CombinedOutput()
	if err != nil {
		t.Skipf("LibreOffice does not work here: %v: %s", err, out)
	}
	printed, err := os.ReadFile(filepath.Join(dir, "sign-off.pdf"))
	if err != nil || !bytes.HasPrefix(printed, []byte("%PDF")) {
		t.Errorf("LibreOffice has printed nothing: %v: %s", err, out)
	}
}
