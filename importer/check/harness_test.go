package check_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/sandbox"
	"etelecom-import/apiclient/secret"
	"etelecom-import/importer/check"
)

const (
	checkedAccount = "1149528912345678901"
	otherAccount   = "1149528912345678902"
)

// checking is a check of a tenant over no network. Its way to the API is good.
func checking(t *testing.T, tenant http.RoundTripper, key string) check.Input {
	t.Helper()
	client, err := apiclient.New(apiclient.Config{
		BaseURL: "http://127.0.0.1" + sandbox.BasePath, Key: secret.New(key), Transport: tenant, Timeout: 20 * time.Second,
		Jitter: func() float64 { return 0.5 },
	})
	if err != nil {
		t.Fatal(err)
	}
	return check.Input{
		Key: check.KeyFound{Place: `"key"`, Shape: client.Key()}, BaseURL: "http://127.0.0.1" + sandbox.BasePath, Client: client,
		Resolve: func(context.Context, string) ([]string, error) { return []string{"192.0.2.1"}, nil },
		Reach:   func(context.Context) (apiclient.Route, error) { return apiclient.Route{Address: "192.0.2.1:443"}, nil },
	}
}

// found returns a finding as one line: status, text, hint, and the command if there is one.
func found(t *testing.T, r *check.Report, name string) string {
	t.Helper()
	i := slices.IndexFunc(r.Checks, func(f check.Finding) bool { return f.Name == name })
	if i < 0 {
		t.Fatalf("no finding %s in %+v", name, r.Checks)
	}
	f := r.Checks[i]
	line := []string{f.Status.String(), f.Found, f.Hint}
	if f.Command != "" {
		line = append(line, f.Command)
	}
	return strings.Join(line, "|")
}

// says compares the beginning of a finding, and what is somewhere in it.
func says(t *testing.T, r *check.Report, name, begins string, holds ...string) {
	t.Helper()
	got := found(t, r, name)
	if !strings.HasPrefix(got, begins) {
		t.Errorf("%s: %s, want %s...", name, got, begins)
	}
	for _, part := range holds {
		if !strings.Contains(got, part) {
			t.Errorf("%s: %s, want %q in it", name, got, part)
		}
	}
}

func rule(t *testing.T, text string) (r sandbox.Rule) {
	t.Helper()
	if err := r.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return r
}
