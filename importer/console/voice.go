package console

import (
	"fmt"
	"log/slog"
	"strings"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/console/layout"
	"etelecom-import/importer/ledger"
)

// voice is standard error. Whatever is said there has one form, which --log-format decides: lines that people read, the same on a
// terminal and in a mail, or one JSON object a line, with the time in UTC, a level, "msg" and the attributes.
type voice struct {
	page page
	json *slog.Logger // nil: lines that people read
}

func newVoice(p page, format string) voice {
	if format != formatJSON {
		return voice{page: p}
	}
	inUTC := func(groups []string, a slog.Attr) slog.Attr {
		if a.Value.Kind() == slog.KindTime {
			a.Value = slog.TimeValue(a.Value.Time().UTC())
		}
		return a
	}
	return voice{p, slog.New(slog.NewJSONHandler(p, &slog.HandlerOptions{ReplaceAttr: inUTC}))}
}

// formatJSON is the value of --log-format for JSON.
const formatJSON = "json"

// warn says what people should know although the command continues.
func (v voice) warn(text string) {
	text = strings.Map(layout.Printable, text)
	if v.json != nil {
		v.json.Warn(text)
		return
	}
	fmt.Fprintln(v.page, v.page.yellow(message.T("warning:")), text)
}

// note says what is good to know.
func (v voice) note(text string) {
	text = strings.Map(layout.Printable, text)
	if v.json != nil {
		v.json.Info(text)
		return
	}
	fmt.Fprintln(v.page, text)
}

// setback says that something has failed that is tried again.
func (v voice) setback(text string) {
	if v.json != nil {
		v.json.Warn(strings.Map(layout.Printable, text))
		return
	}
	v.note(text)
}

// fail says what is wrong and what to do. Of a bug it shows the stack, too.
func (v voice) fail(f failure) {
	if v.json != nil {
		attributes := []any{"hint", f.hint}
		if f.cause != "" {
			attributes = append(attributes, "cause", f.cause)
		}
		if f.stack != nil {
			attributes = append(attributes, "stack", string(f.stack))
		}
		v.json.Error(f.wrong, attributes...)
		return
	}
	_, _ = v.page.Write(f.stack)
	fmt.Fprintf(v.page, "%s %s\n%s %s\n", v.page.red("etelecom-import:"), f.wrong, v.page.bold(message.T("hint:")), f.hint)
}

// progress says how far the run is.
func (v voice) progress(f frame) {
	if v.json != nil {
		v.json.Info("progress", f.attributes()...)
		return
	}
	fmt.Fprintf(v.page, "%s  %s\n", message.Clock(f.At), f.text())
}

// notRecorded says what no file has, so that a person can write it down.
func (v voice) notRecorded(e *ledger.Entry) {
	if v.json != nil {
		v.json.Error("not recorded", "phone", e.Phone.String(), "user_id", e.UserID, "status", e.Status.String())
		return
	}
	fmt.Fprintln(v.page, v.page.red(message.T("not recorded:")), message.Sprintf("phone %s has user id %d (%s)", e.Phone, e.UserID, e.Status))
}
