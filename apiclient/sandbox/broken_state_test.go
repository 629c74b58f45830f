package sandbox

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestStateNotWritable shows that an effect which cannot be written does not happen.
func TestStateNotWritable(t *testing.T) {
	tenant := New(Config{State: filepath.Join(t.TempDir(), "state")})
	defer tenant.Close()
	_ = tenant.store.state.file.Close()
	c := call{t: tenant, body: []byte(`{"full_name":"A","phone":"0901234567","password":"p"}`)}
	if r := handlers[Create](&c); r.status != 500 || !strings.Contains(string(r.body), `"internal"`) {
		t.Errorf("%d %s", r.status, r.body)
	}
	if r := tenant.Record(); r.Creates != 0 || len(r.People) != 0 {
		t.Errorf("%+v", r)
	}
}
