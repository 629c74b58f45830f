package workbook_test

import (
	"bytes"
	"fmt"
	"io"

	"github.com/gocarina/gocsv"

	"etelecom-import/importer/workbook"
)

// Gocsv takes a csv.Reader. The one of a workbook keeps pace with it, so that the kinds of the cells are at hand for each record.
func ExampleReader_CSV() {
	type record struct {
		Name  string `csv:"name"`
		Phone string `csv:"phone"`
	}
	file := exampleWorkbook()
	if workbook.Sniff(file).Text() {
		return // it is a CSV
	}
	r, err := workbook.Open(bytes.NewReader(file), int64(len(file)), workbook.Options{
		Header: func(cells []string) bool { return cells[0] == "name" },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Close()
	records, err := gocsv.NewUnmarshaller(r.CSV(), &record{})
	for err == nil {
		var one any
		if one, err = records.Read(); err == nil {
			fmt.Printf("row %d: %+v, the phone is a text: %v\n", r.Row(), *one.(*record), r.Kind(1) == workbook.Text)
		}
	}
	fmt.Println(err == io.EOF)
	// Output:
	// row 2: {Name:An Phone:0901234567}, the phone is a text: true
	// row 3: {Name:Bình Phone:0901234568}, the phone is a text: true
	// true
}

func exampleWorkbook() []byte {
	var b bytes.Buffer
	w := workbook.NewWriter(&b, workbook.Sheet{Name: "A", Columns: []workbook.Column{{Title: "name", Width: 30}, {Title: "phone", Width: 15}}})
	_ = w.Write("An", "0901234567")
	_ = w.Write("Bình", "0901234568")
	_ = w.Close()
	return b.Bytes()
}
