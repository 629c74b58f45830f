package report

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"etelecom-import/importer"
	"etelecom-import/importer/verify"
)

// schema is a JSON Schema, as far as those of the samples go.
type schema struct {
	Ref        string            `json:"$ref"`
	Defs       map[string]schema `json:"$defs"`
	Type       string            `json:"type"`
	Properties map[string]schema `json:"properties"`
	Required   []string          `json:"required"`
	More       *bool             `json:"additionalProperties"`
	Items      *schema           `json:"items"`
	OneOf      []schema          `json:"oneOf"`
	Enum       []any             `json:"enum"`
	Const      any               `json:"const"`
}

func readSchema(t *testing.T, name string) *schema {
	t.Helper()
	text, err := os.ReadFile("../../samples/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var s schema
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	return &s
}

// TestSchemas: the schemas have every field of the structs with its type, and no other.
func TestSchemas(t *testing.T) {
	for name, form := range map[string]any{"run.schema.json": Run{}, "status.schema.json": Status{}, "verify.schema.json": Verification{}} {
		s := readSchema(t, name)
		for _, fault := range s.differs(s.Defs, reflect.TypeOf(form), name) {
			t.Error(fault)
		}
	}
}

// differs returns where a schema is not that of a type.
func (s *schema) differs(defs map[string]schema, of reflect.Type, at string) (faults []string) {
	if name, ok := strings.CutPrefix(s.Ref, "#/$defs/"); ok {
		def := defs[name]
		return def.differs(defs, of, at)
	}
	fault := func(format string, args ...any) { faults = append(faults, at+": "+fmt.Sprintf(format, args...)) }
	wants := func(kind string) {
		if s.Type != kind && s.Enum == nil && s.Const == nil {
			fault("it is %q, and the program prints %s", s.Type, kind)
		}
	}
	switch {
	case of == reflect.TypeFor[time.Time](), of.Kind() == reflect.String:
		wants("string")
	case of.Kind() == reflect.Bool:
		wants("boolean")
	case of.Kind() == reflect.Int, of.Kind() == reflect.Int64:
		wants("integer")
	case of.Kind() == reflect.Float64:
		wants("number")
	case of.Kind() == reflect.Slice:
		wants("array")
		return append(faults, s.Items.differs(defs, of.Elem(), at+"[]")...)
	case of.Kind() == reflect.Pointer:
		if len(s.OneOf) != 2 || s.OneOf[0].Type != "null" {
			fault("it may be null")
			return faults
		}
		return append(faults, s.OneOf[1].differs(defs, of.Elem(), at)...)
	case of.Kind() == reflect.Struct:
		wants("object")
		fields := fieldsInJSON(of)
		for name, field := range fields {
			property, known := s.Properties[name]
			if !known || !slices.Contains(s.Required, name) {
				fault("%s is missing, or not required", name)
				continue
			}
			faults = append(faults, property.differs(defs, field, at+"."+name)...)
		}
		if len(s.Properties) != len(fields) || len(s.Required) != len(fields) || s.More == nil || *s.More {
			fault("it has fields that the program does not print: %d for %d", len(s.Properties), len(fields))
		}
	default:
		fault("what is a %v?", of)
	}
	return faults
}

// fieldsInJSON returns the fields that a struct has in JSON. Of two of a name, the one that is not embedded counts.
func fieldsInJSON(of reflect.Type) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
	for _, embedded := range []bool{true, false} {
		for f := range of.Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			switch {
			case f.Anonymous != embedded || name == "-" || !f.IsExported():
			case f.Anonymous:
				for name, of := range fieldsInJSON(f.Type) {
					fields[name] = of
				}
			default:
				fields[name] = f.Type
			}
		}
	}
	return fields
}

// TestSchemaWords: the schemas and the manual have every word that the program may print, and no other.
func TestSchemaWords(t *testing.T) {
	run, status, verification := readSchema(t, "run.schema.json"), readSchema(t, "status.schema.json"), readSchema(t, "verify.schema.json")
	codes, stops := ErrorCodes(), []ErrorCode{"", NotBegun}
	for _, k := range importer.StopKinds() {
		stops = append(stops, ErrorCode(k.String()))
	}
	for _, c := range []struct {
		of   *schema
		want []string
		in   string
	}{
		{&run.Properties["error"].OneOf[1], words(codes), "code"},
		{run, words(stops), "stopped"},
		{status, words([]RunState{RunOn, RunInterrupted, RunOver}), "run"},
		{&verification.Properties["error"].OneOf[1], words(codes), "code"},
		{verification, words([]RunState{RunOn, RunInterrupted, RunOver}), "run"},
		{pointerTo(verification.Defs["finding"]), kinds(), "kind"},
		{pointerTo(verification.Defs["findings"]), kinds(), "kind"},
	} {
		var got []string
		for _, word := range c.of.Properties[c.in].Enum {
			got = append(got, fmt.Sprint(word))
		}
		if slices.Sort(got); !slices.Equal(got, c.want) {
			t.Errorf("%s: the schema has %q, the program %q", c.in, got, c.want)
		}
	}
	for _, s := range []*schema{run, status, verification} {
		if got := s.Properties["schema"].Const; got != float64(Schema) {
			t.Errorf("the schema is of number %v", got)
		}
	}
	manual, err := os.ReadFile("../MANUAL.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, of := range []struct {
		section string
		words   []string
	}{
		{"The JSON summary", append(words(codes), fieldNames(run)...)},
		{"The command `verify`", slices.Concat(kinds(), fieldNames(verification), fieldNames(pointerTo(verification.Defs["finding"])))},
	} {
		_, part, _ := strings.Cut(string(manual), "\n## "+of.section+"\n")
		part, _, _ = strings.Cut(part, "\n## ")
		for _, word := range of.words {
			if !strings.Contains(part, "`"+word+"`") {
				t.Errorf("%s: the manual does not explain `%s`", of.section, word)
			}
		}
	}
}

// kinds are the words of all kinds of findings.
func kinds() []string {
	all := []string{verify.Told.String(), verify.CannotTell.String(), verify.Difference.String(), verify.NotDone.String()}
	slices.Sort(all)
	return all
}

func pointerTo(s schema) *schema { return &s }

func words[T ~string](list []T) (all []string) {
	for _, word := range list {
		all = append(all, string(word))
	}
	slices.Sort(all)
	return all
}

func fieldNames(s *schema) (names []string) {
	for name := range s.Properties {
		names = append(names, name)
	}
	return names
}

// TestNeverNull: a run that could not begin has lists, too.
func TestNeverNull(t *testing.T) {
	var r Run
	r.SetSummary(nil, &importer.Stop{Kind: importer.Refused})
	text, err := json.Marshal(r)
	for _, list := range []string{"errors", "warnings", "skipped", "notices"} {
		if !strings.Contains(string(text), `"`+list+`":[]`) {
			t.Errorf("%s is no empty list: %s, %v", list, text, err)
		}
	}
	if r.Stopped != "refused" {
		t.Errorf("stopped is %q", r.Stopped)
	}
}
