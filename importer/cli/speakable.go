package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"etelecom-import/importer/console"
)

// What people type may be a secret in the wrong place: a key in place of its file, a password in a command. This file decides what of it
// may be repeated: in a message ([speakable]), and in the next command ([showsSecret], [resemblesKey]). What is a key for certain,
// [console.WithoutKeys] takes out of every message.

// speakable reports whether a word can be repeated in a message: it cannot be a key.
func speakable(word string) bool {
	if console.WithoutKeys(word) != word {
		return false
	}
	isHarmless := hasFileEnding(word) || len(word) < longWord || exists(word)
	return isHarmless || !resemblesKey(word)
}

// The least lengths of a path that may be a key, in bytes.
const (
	longWord = 20 // few names of files and folders are as long, and no key is shorter
	longPath = 40 // for a path in a folder that is not there
)

var shopKey = regexp.MustCompile(`(?i)shop[0-9]`)

// resemblesKey reports whether a path that cannot be opened may be a key. If that is not certain, the answer is yes: hiding a path
// does less harm than showing a key.
func resemblesKey(text string) bool {
	if shopKey.MatchString(text) || strings.Contains(text[len(filepath.VolumeName(text)):], ":") {
		return true
	}
	words := text
	_, err := os.Stat(filepath.Dir(text))
	if err == nil {
		words = filepath.Base(text)
	}
	for word := range strings.FieldsFuncSeq(words, func(r rune) bool { return r == '/' || r == '\\' }) {
		if len(word) >= longWord {
			return true
		}
	}
	return len(text) >= longPath && err != nil
}

// keyWords are in the names of flags that people give the key to.
var keyWords = regexp.MustCompile(`(?i)key|token|secret|passw|bearer|auth|credential`)

// resemblesKeyFlag reports whether a flag that does not exist is one that somebody may have taken for the flag of the key itself.
func resemblesKeyFlag(name string) bool {
	return keyWords.MatchString(name) && !strings.Contains(name, "file")
}

// Commands that show a secret which is in them, and flags that have one.
var (
	printing  = regexp.MustCompile(`(?i)^(?:echo|printf|write-output|write-host)(?:\.exe)?$`)
	secretFor = regexp.MustCompile(`(?i)token|passw|secret[=:]|bearer|authorization|api[-_]?key[=:]|://[^/\s]*@`)
	randomRun = regexp.MustCompile(`[A-Za-z0-9+_=-]{16,}`)
)

// showsSecret reports whether a key command may have a secret in it. If that is not certain, the answer is yes: the command line is
// printed again to be pasted.
func showsSecret(line string) bool {
	words := strings.Fields(strings.Map(func(r rune) rune {
		if r == '"' || r == '\'' {
			return ' '
		}
		return r
	}, line))
	if shopKey.MatchString(line) || secretFor.MatchString(line) {
		return true
	}
	for _, word := range words {
		if printing.MatchString(word) {
			return true
		}
		for _, run := range randomRun.FindAllString(word, -1) {
			if strings.ContainsAny(run, "0123456789") {
				return true
			}
		}
	}
	return false
}
