package check

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"etelecom-import/apiclient/message"
)

// sentences puts together those that are there.
func sentences(all ...string) string {
	return strings.Join(slices.DeleteFunc(all, func(s string) bool { return s == "" }), " ")
}

// capital begins a text with a capital letter: a place may begin a sentence.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// Sentence begins a text with a capital letter and ends it with a full stop, unless it is a question.
func Sentence(text string) string {
	text = capital(strings.TrimRight(text, "."))
	if strings.HasSuffix(text, "?") {
		return text
	}
	return text + "."
}

// span writes a duration as people say it, in its largest unit that gives at least 2.
func span(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d >= 2*day:
		return message.Count(int64(d/day), "day", "days")
	case d >= 2*time.Hour:
		return message.Count(int64(d/time.Hour), "hour", "hours")
	case d >= 2*time.Minute:
		return message.Count(int64(d/time.Minute), "minute", "minutes")
	}
	return message.Count(int64(d/time.Second), "second", "seconds")
}
