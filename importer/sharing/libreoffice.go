package sharing

import (
	"io"
	"path/filepath"
)

// LibreOfficeLock returns the path of the file that LibreOffice leaves beside a file that it has open. It stays behind after a crash.
func LibreOfficeLock(name string) string {
	return filepath.Join(filepath.Dir(name), ".~lock."+filepath.Base(name)+"#")
}

// maxLibreOfficeLock is how many bytes of such a file are read.
const maxLibreOfficeLock = 4 << 10

// ReadLibreOfficeLock returns who has the file open and on which machine, as the lock file says; "" for what it does not say. It has
// fields with commas between them: the person's name, the system's name of the user, that of the machine, the time, the profile. A
// backslash is before a comma that is in a field.
func ReadLibreOfficeLock(r io.Reader) (user, host string) {
	text, err := io.ReadAll(io.LimitReader(r, maxLibreOfficeLock))
	if err != nil {
		return "", ""
	}
	fields := splitEscaped(string(text))
	const name, login, machine = 0, 1, 2
	if len(fields) <= machine {
		return "", ""
	}
	if user = fields[login]; user == "" {
		user = fields[name]
	}
	return user, fields[machine]
}

// splitEscaped splits a text at its commas, up to a semicolon.
func splitEscaped(text string) []string {
	fields, escaped := []string{""}, false
	for _, r := range text {
		last := &fields[len(fields)-1]
		switch {
		case escaped:
			*last += string(r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == ',':
			fields = append(fields, "")
		case r == ';':
			return fields
		default:
			*last += string(r)
		}
	}
	return fields
}
