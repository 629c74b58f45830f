package apiclient

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"etelecom-import/apiclient/secret"
)

func TestShapeOf(t *testing.T) {
	const id = "1149123456789012345"
	for key, want := range map[string]KeyShape{
		"shop" + id + ":s3cret": {ShopKey, id, 30},
		id + ":s3cret":          {PartnerKey, id, 26},
		"shop" + id + ":":       {OtherKey, "", 24},
		"shop" + id:             {OtherKey, "", 23},
		"Shop" + id + ":s":      {OtherKey, "", 25},
		id[1:] + ":s3cret":      {OtherKey, "", 25},
		id + "1:s3cret":         {OtherKey, "", 27},
		"a" + id[1:] + ":s":     {OtherKey, "", 21},
		"s3cret":                {OtherKey, "", 6},
		"":                      {},
	} {
		if got := ShapeOf(key); got != want {
			t.Errorf("%q: %+v, want %+v", key, got, want)
		}
	}
}

// The error about a refused key shows the shape of the key and nothing of its secret.
func TestRefusedKeyIsTold(t *testing.T) {
	const id = "1149123456789012345"
	c, err := New(Config{BaseURL: "https://x.vn/v1", Key: secret.New(id + ":s3cret"), Transport: &wire{answer: func(*http.Request, string) *http.Response {
		return say(401, `{"code":"unauthenticated","msg":"sai s3cret"}`)
	}}})
	if err != nil {
		t.Fatal(err)
	}
	var e *Error
	if err := c.Probe(t.Context()); !errors.As(err, &e) || e.Key != (KeyShape{PartnerKey, id, 26}) || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("%+v", e)
	}
}
