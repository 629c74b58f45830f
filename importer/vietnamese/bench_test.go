package vietnamese

import "testing"

func BenchmarkInspect(b *testing.B) {
	for _, name := range []string{"Nguyen Van An", "Nguyễn Thị Hằng", "Lê Văn Tú", "Hoàng Công Minh", "O'Brien", "Bảo vệ?", "Nguyá»…n Thá»‹ Lan", "NguyÔn ThÞ H»ng", "Anaïs", "Kho #2", "阮文安"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Inspect(name)
			}
		})
	}
}

func BenchmarkClean(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Clean("Nguyễn Thị Hằng")
		FixEth("Nguyễn Thị Hằng")
	}
}
