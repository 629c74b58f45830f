package vietnamese

import "testing"

// BenchmarkInspect: a name of a clean file takes about 50 ns and no allocation. The others may take longer.
func BenchmarkInspect(b *testing.B) {
	people := plainPeople(b)
	b.Run("people", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			Inspect(people[i%len(people)])
		}
	})
	for _, name := range []string{
		"Nguyen Van An", "Nguyễn Thị Hằng", "Lê Công Minh", "Kho #2", "O'Brien", "Bảo vệ?", "Nguyá»…n Thá»‹ Lan", "NguyÔn ThÞ H»ng", "Anaïs", "阮文安",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Inspect(name)
			}
		})
	}
}

// BenchmarkClean is for what is done with each name.
func BenchmarkClean(b *testing.B) {
	people := plainPeople(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		name := people[i%len(people)]
		Clean(name)
		FixEth(name)
	}
}

func BenchmarkIsSyllable(b *testing.B) {
	for b.Loop() {
		IsSyllable("Nguyễn")
	}
}
