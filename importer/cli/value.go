package cli

import (
	"cmp"
	"encoding"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/hint"
)

var (
	wholeNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`) // the library takes 010 for 8
	decimal     = regexp.MustCompile(`^[0-9]+(,[0-9]+)$`)
	spokenTime  = regexp.MustCompile(`(?i)^([0-9]+) *(s|m|h)[a-z]*$`)
)

// valueError says what a value has to be, if it is not that. name is what it was given to: a flag or a variable.
func valueError(name string, v *kong.Value, value string) error {
	if v.Enum != "" && !slices.Contains(v.EnumSlice(), value) {
		list := strings.Join(choices(v), ", ")
		if !speakable(value) {
			return hint.With(message.Errorf("%s has another value than it can have", name), message.Sprintf("use one of: %s", list))
		}
		return hint.With(message.Errorf("%s cannot be %q", name, value), message.Sprintf("use one of: %s", list))
	}
	err := v.Mapper.Decode(&kong.DecodeContext{Value: v, Scan: kong.ScanFromTokens(kong.Token{Type: kong.FlagValueToken, Value: value})}, reflect.New(v.Target.Type()).Elem())
	kind := v.Target.Type()
	if v.IsSlice() {
		kind = kind.Elem()
	}
	decodesItself := reflect.PointerTo(kind).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
	isInt := kind.Kind() >= reflect.Int && kind.Kind() <= reflect.Uint64 && !decodesItself
	isFloat := kind.Kind() == reflect.Float64 && !decodesItself
	switch {
	case kind == reflect.TypeFor[time.Duration]():
		return durationError(name, value, err)
	case isInt && (err != nil || !wholeNumber.MatchString(value)):
		return noWhole.error(name, exampleValue(v), value, exampleOf(name, v))
	case isFloat:
		return floatError(name, v, value, err)
	case err == nil:
		return nil
	case kind.Kind() == reflect.Bool:
		way := message.Sprintf("write %s, or %s=false", name, name)
		if !strings.HasPrefix(name, "-") {
			way = message.T("write true or false")
		}
		if !speakable(value) {
			return hint.With(message.Errorf("%s is true or false", name), way)
		}
		return hint.With(message.Errorf("%s is true or false, not %q", name, value), way)
	case decodesItself && speakable(value):
		return hint.With(message.Errorf("%s: %w", name, err), cmp.Or(hint.Of(err), exampleOf(name, v)))
	}
	return hint.With(message.Errorf("%s cannot have this value", name), exampleOf(name, v))
}

// exampleOf shows how a flag or a variable is set.
func exampleOf(name string, v *kong.Value) string {
	between := " "
	if !strings.HasPrefix(name, "-") {
		between = "="
	}
	return message.Sprintf("for example: %s", name+between+exampleValue(v))
}

// wrongKind says of which kind a value has to be. The texts have the name of the flag and an example as their verbs, the first one also
// the value.
type wrongKind struct{ shown, hidden message.Text }

// The kinds.
var (
	noWhole  = wrongKind{"%s needs a whole number such as %s, not %q", "%s needs a whole number such as %s"}
	noNumber = wrongKind{"%s needs a number such as %s, not %q", "%s needs a number such as %s"}
	noTime   = wrongKind{"%s needs a time such as %s, not %q", "%s needs a time such as %s"}
)

// error returns the error of a value that is not of the kind.
func (k wrongKind) error(name, example, value, way string) error {
	if !speakable(value) {
		return hint.With(fmt.Errorf(k.hidden.String(), name, example), way)
	}
	return hint.With(fmt.Errorf(k.shown.String(), name, example, value), way)
}

func durationError(name, value string, err error) error {
	const example = "30s"
	switch spoken := spokenTime.FindStringSubmatch(value); {
	case err == nil:
		return nil
	case wholeNumber.MatchString(value):
		return noTime.error(name, example, value, message.Sprintf("write %ss for seconds, or %sm for minutes", value, value))
	case spoken != nil:
		return noTime.error(name, example, value, message.Sprintf("write %s", spoken[1]+strings.ToLower(spoken[2])))
	}
	return noTime.error(name, example, value, message.T("write 30s or 2m"))
}

func floatError(name string, v *kong.Value, value string, err error) error {
	n, _ := strconv.ParseFloat(value, 64)
	switch {
	case decimal.MatchString(value):
		return noNumber.error(name, exampleValue(v), value, message.Sprintf("write %s", strings.Replace(value, ",", ".", 1)))
	case err != nil, math.IsNaN(n), math.IsInf(n, 0):
		return noNumber.error(name, exampleValue(v), value, exampleOf(name, v))
	}
	return nil
}

// isNumber reports whether a flag takes a number or a time.
func isNumber(v *kong.Value) bool {
	return v.Target.Kind() >= reflect.Int && v.Target.Kind() <= reflect.Float64
}

// negative refuses a number or a time that is less than 0.
func negative(name string, v *kong.Value, value string) error {
	if isNumber(v) && strings.HasPrefix(strings.TrimSpace(value), "-") {
		return hint.With(message.Errorf("%s cannot be less than 0, and it is %s", name, value), "remove it to get its default")
	}
	return nil
}

// exampleValue returns a value that a flag can have.
func exampleValue(v *kong.Value) string {
	switch {
	case v.Enum != "":
		return choices(v)[0]
	case v.Target.Type() == reflect.TypeFor[time.Duration]():
		return "30s"
	case v.HasDefault && v.Default != "" && v.Default != "0":
		return v.Default
	case isNumber(v):
		return "3"
	case v.Flag != nil && v.Flag.PlaceHolder == "FILE":
		return strings.TrimSuffix(v.Name, "-file") + ".csv"
	case v.Flag != nil && v.Flag.PlaceHolder != "":
		return v.Flag.PlaceHolder
	}
	return "VALUE"
}

// choices returns the values of a flag that has a few.
func choices(v *kong.Value) []string {
	return slices.DeleteFunc(v.EnumSlice(), func(s string) bool { return s == "" })
}
