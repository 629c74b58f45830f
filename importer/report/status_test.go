package report

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"etelecom-import/importer/hint"
)

func TestReadStatus(t *testing.T) {
	path := filepath.Join(t.TempDir(), "staff. June.result.csv")
	if _, err := ReadStatus(path); !errors.Is(err, os.ErrNotExist) || !strings.Contains(hint.Of(err), "name the result CSV of a run") {
		t.Errorf("without a result: %v; %q", err, hint.Of(err))
	}
	const text = "line,name,phone,extension_id,extension_number,user_id,status,error_code,error,attempts,updated_at,account_id\n" +
		"2,A,0903112351,1310000000000000001,1001,1301234567890123001,done,password_replaced,told,1,2026-07-01T12:00:00Z,77\n" +
		"3,B,0903112352,,,,failed,user_exists,there already,1,2026-07-01T12:00:00Z,77\n" +
		"4,C,0903112353,,,,unknown,unavailable,no answer,1,2026-07-01T12:00:00Z,77\n" +
		",D,0903112354,1310000000000000004,1004,1301234567890123004,done,,,1,2026-07-01T12:00:00Z,77\n" // not in the employee file any more
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := ReadStatus(path)
	if err != nil {
		t.Fatal(err)
	}
	errs, err := json.Marshal(s.Errors)
	if err != nil || len(s.Errors) != 2 {
		t.Errorf("errors: %s; %v", errs, err)
	}
	s.Errors, s.Warnings = nil, nil
	got, _ := json.Marshal(s)
	const want = `"run":"over","by":"","waiting":false,"rows":3,"status":{"done":1,"created":0,"failed":1,"unknown":1,"invalid":0,"pending":0},` +
		`"errors":null,"warnings":null,"password_replaced":1,"open":1}`
	if !strings.HasSuffix(string(got), want) || s.Account.ID != "77" || len(s.Replaced) != 1 || s.Replaced[0] != 2 {
		t.Errorf("got  %s\nwant %s\nreplaced: %v", got, want, s.Replaced)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(text, "failed", "fialed", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadStatus(path); err == nil || !strings.Contains(err.Error(), "fialed") || hint.Of(err) == "" {
		t.Errorf("a word that is no status: %v", err)
	}
}
