package plan

import (
	"fmt"
	"testing"

	"etelecom-import/apiclient"
	"etelecom-import/importer/tenant"
)

// BenchmarkPlan plans 200,000 rows: none of them known, and all of them done.
func BenchmarkPlan(b *testing.B) {
	const rows = 200_000
	lines, extensions := make([]string, rows), make([]tenant.Extension, rows)
	for i := range rows {
		extensions[i] = tenant.Extension{ID: apiclient.ID(1301234567890123001 + i), Number: fmt.Sprint(1001 + i)}
		lines[i] = fmt.Sprintf("Nguyễn Thị Thu Hà,%s,Lua-mua-xyzw,%s,", numberOf(i), extensions[i].ID)
	}
	r := parsed(b, lines...)
	l := opened(b)
	measure := func(b *testing.B, t *tenant.Snapshot) {
		b.ReportAllocs()
		for b.Loop() {
			Make(r, l, t, Options{})
		}
	}
	b.Run("new", func(b *testing.B) { measure(b, listed(nil, extensions...)) })
	for i := range rows {
		l.RecordDone(l.GetOrAdd(numberOf(i)), int64(extensions[i].ID), extensions[i].Number, "", "", asked)
	}
	b.Run("done", func(b *testing.B) { measure(b, listed(nil)) })
}
