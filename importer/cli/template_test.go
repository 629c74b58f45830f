package cli

import (
	"bytes"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"etelecom-import/importer/roster"
	"etelecom-import/importer/workbook"
)

// TestTemplateWorkbook: it explains each of its columns, its cells are texts, and the sheet to fill in is the one that is found.
func TestTemplateWorkbook(t *testing.T) {
	var file bytes.Buffer
	if err := writeTemplateWorkbook(&file); err != nil {
		t.Fatal(err)
	}
	titles, example := roster.Template()
	header := func(cells []string) bool {
		var list bytes.Buffer
		_ = csv.NewWriter(&list).WriteAll([][]string{cells})
		_, err := roster.Read(&list, roster.Options{ValidateOnly: true})
		return err == nil
	}
	r, err := workbook.Open(bytes.NewReader(file.Bytes()), int64(file.Len()), workbook.Options{Header: header})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	rows, err := r.ReadAll()
	if err != nil || len(rows) != 2 || strings.Join(rows[0], ",") != strings.Join(titles, ",") || strings.Join(rows[1], ",") != strings.Join(example, ",") {
		t.Errorf("%q, %v", rows, err)
	}
	guide, err := csv.NewReader(strings.NewReader(guideCSV)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, title := range titles {
		if guide[i+1][0] != title {
			t.Errorf("the guide explains %q in place of %q", guide[i+1][0], title)
		}
	}
}

// TestTemplateFails: a file that could not be written is not left behind.
func TestTemplateFails(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("there is no device that is full")
	}
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	for name, write := range map[string]func(io.Writer) error{"CSV": writeTemplateCSV, "workbook": writeTemplateWorkbook} {
		if err := write(full); err == nil {
			t.Errorf("%s: nothing is said of a disk that is full", name)
		}
	}
	path := filepath.Join(t.TempDir(), "new.xlsx")
	if err := (&templateCommand{File: path}).create(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || readableMatters && info.Mode().Perm()&0o077 != 0 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}
