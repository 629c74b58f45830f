package roster

import (
	"strings"

	"etelecom-import/importer/spreadsheet"
)

// Hashes of passwords. Who exports people out of another system gets them in place of the passwords, which cannot be got back from
// them. A text is taken for a hash only if it has a form that nobody chooses.

// hashSchemes are the names between the first two dollars of a hash in modular crypt format, and of the PHC string format.
var hashSchemes = map[string]bool{
	"1": true, "2": true, "2a": true, "2b": true, "2x": true, "2y": true, "5": true, "6": true, "7": true, "8": true, "9": true, "14": true, "y": true, "gy": true,
	"H": true, "P": true, "S": true, "apr1": true, "md5": true, "sha1": true, "argon2i": true, "argon2d": true, "argon2id": true, "scrypt": true, "bcrypt": true,
	"bcrypt-sha256": true, "pbkdf2": true, "pbkdf2-sha1": true, "pbkdf2-sha256": true, "pbkdf2-sha512": true, "scram": true, "sm3": true, "sha256": true, "sha512": true,
}

// storageSchemes are the names in braces of a hash as directories store it (RFC 2307 and its extensions).
var storageSchemes = map[string]bool{
	"SSHA": true, "SHA": true, "MD5": true, "SMD5": true, "CRYPT": true, "SHA224": true, "SHA256": true, "SHA384": true, "SHA512": true, "SSHA224": true, "SSHA256": true,
	"SSHA384": true, "SSHA512": true, "PBKDF2": true, "PBKDF2-SHA1": true, "PBKDF2-SHA256": true, "PBKDF2-SHA512": true, "PBKDF2_SHA256": true, "BCRYPT": true, "BLF-CRYPT": true,
	"ARGON2": true, "ARGON2I": true, "ARGON2ID": true, "NT": true, "NTLM": true, "LANMAN": true, "NS-MTA-MD5": true, "MD5-CRYPT": true, "SHA256-CRYPT": true, "SHA512-CRYPT": true,
}

// frameworkSchemes are what hashes of web frameworks and databases begin with, before a dollar or a colon.
var frameworkSchemes = map[string]bool{
	"pbkdf2_sha256": true, "pbkdf2_sha1": true, "pbkdf2": true, "bcrypt": true, "bcrypt_sha256": true, "argon2": true, "argon2i": true, "argon2id": true, "scrypt": true,
	"md5": true, "unsalted_md5": true, "sha1": true, "sha224": true, "sha256": true, "sha384": true, "sha512": true, "scram-sha-256": true, "crypt": true, "blowfish": true,
}

// leastHash is fewer characters than any hash has behind the name of its scheme.
const leastHash = 20

// isHash reports whether a password is a hash with the name of its scheme, whole or cut at its end.
func isHash(text string, c classes) bool {
	if len(text) < leastHash {
		return false
	}
	switch text[0] {
	case '$':
		scheme, rest, ok := strings.Cut(text[1:], "$")
		known := ok && hashSchemes[scheme]
		return known && len(rest) >= leastHash && isEncoded(rest)
	case '{':
		scheme, rest, ok := strings.Cut(text[1:], "}")
		known := ok && storageSchemes[strings.ToUpper(scheme)]
		return known && len(rest) >= leastHash-4 && isEncoded(rest)
	case '*': // of a database: 40 digits
		return len(text) == 41 && isHex(text[1:])
	}
	if strings.HasPrefix(text, "AQAAAA") { // ASP.NET
		return len(text) >= 60 && isEncoded(text)
	}
	if strings.HasPrefix(text, "grub.pbkdf2.") || strings.HasPrefix(text, "0x0100") || strings.HasPrefix(text, "0x0200") {
		return isEncoded(text) && len(text) > 2*leastHash
	}
	if !c.has(marks) {
		return false // nearly every long password without a space
	}
	at := strings.IndexAny(text, "$:")
	known := at > 0 && frameworkSchemes[strings.ToLower(text[:at])]
	return known && len(text)-at > leastHash && isEncoded(text[at:])
}

// isBareHash reports whether a text has as many hexadecimal digits as a hash, and nothing else. It may be a password, if no header
// says what it is.
func isBareHash(text string) bool {
	switch len(text) {
	case 32, 40, 56, 64, 96, 128:
		return isHex(text) && !spreadsheet.IsDigits(text)
	}
	return false
}

func isHex(text string) bool {
	for i := range len(text) {
		b := text[i] | 0x20 // a letter in lower case; a digit is the same
		if classOfByte(text[i]) != digits && (b < 'a' || b > 'f') {
			return false
		}
	}
	return true
}

// isEncoded reports whether a text has only what encodings of bytes and the parameters of a hash have.
func isEncoded(text string) bool {
	for i := range len(text) {
		if classOf[text[i]]&(digits|letters) == 0 && strings.IndexByte("./+=_-$:,*!", text[i]) < 0 {
			return false
		}
	}
	return true
}
