// Plaincsv reads a CSV with encoding/csv and does nothing with it: what reading a roster is measured against.
//
//	plaincsv FILE
package main

import (
	"encoding/csv"
	"io"
	"log"
	"os"
)

func main() {
	f, err := os.Open(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	r := csv.NewReader(f)
	r.ReuseRecord = true
	for err == nil {
		_, err = r.Read()
	}
	if err != io.EOF {
		log.Fatal(err)
	}
}
