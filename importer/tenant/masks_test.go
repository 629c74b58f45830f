package tenant

import (
	"testing"

	"etelecom-import/importer/phone"
)

func TestFitsMask(t *testing.T) {
	for pattern, fits := range map[string]bool{
		"0901***567": true, "0901***568": false, "*******567": false, "0901*567": true, "84901***567": true, "+84 901 *** 567": true, "09xx234567": true,
		"0901234567": false, "••••••4567": true, "": false, "+855 12 345 678": false, "09-11": false,
	} {
		var m Masks
		m.add(pattern)
		if got := m.Fits(phone.Normalize("0901234567")) != ""; got != fits {
			t.Errorf("%q: %v", pattern, got)
		}
	}
}
