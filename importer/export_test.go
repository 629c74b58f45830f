package importer

import "etelecom-import/importer/phone"

// FitsMask reports whether a number may be behind a phone as the listing shows it.
func FitsMask(listed, number string) bool {
	var m masks
	m.add(listed)
	return m.fits(phone.Normalize(number)) != ""
}
