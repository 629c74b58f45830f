package vietnamese

import (
	"testing"
)

func TestInspect(t *testing.T) {
	for _, c := range []struct {
		name      string
		damage    Damage
		certainty Certainty
		mended    string
	}{
		// UTF-8 that was read as windows-1252, ISO 8859-1, windows-1258; twice; with bytes that got lost.
		{"Nguyá»…n Thá»‹ Ã\u0081nh", Misread, Certain, "Nguyễn Thị Ánh"},
		{"Tráº§n VÄƒn Báº£o", Misread, Certain, "Trần Văn Bảo"},
		{"LÃª Há»¯u Ä\u0090áº¡t", Misread, Certain, "Lê Hữu Đạt"},
		{"NguyÃ¡Â»â€¦n ThÃ¡Â»â€¹ Lan", Misread, Certain, "Nguyễn Thị Lan"},
		{"LĂª VÄƒn TĂº", Misread, Certain, "Lê Văn Tú"},
		{"Nguyá»\u0085n Thá»\u008b Lan", Misread, Certain, "Nguyễn Thị Lan"},
		{"HÃ\u00a0 Ná»™i", Misread, Certain, "Hà Nội"},
		{"HÃ Ná»™i", Misread, Certain, "Hà Nội"},
		{"LÃ m Ná»™i", Misread, Certain, "Làm Nội"},
		{"Há»\ufffd Lan", Misread, Certain, ""},
		{"Phá»?ng Lan", Misread, Certain, ""},
		{"Nguyá»…n Thị", Misread, Certain, "Nguyễn Thị"},
		{"JosÃ©", Misread, Certain, "José"},
		{"MÃ¼ller", Misread, Certain, "Müller"},
		{"Ä‘oÃ n", Misread, Certain, "đoàn"},
		{"Hâ€™Hen NiÃª", Misread, Certain, "H’Hen Niê"},
		{"VÅ© Thá»‹ HÆ°Æ¡ng", Misread, Certain, "Vũ Thị Hương"},
		{"NGUYÁ»…N", Misread, Certain, "NGUYễN"},
		{"Nguy·ªÖn Th·ªã H·∫±ng", Misread, Certain, "Nguyễn Thị Hằng"},
		{"Nguyß╗àn Thß╗ï Hß║▒ng", Misread, Certain, "Nguyễn Thị Hằng"},
		{"Nguyб»…n Thб»‹ Hбє±ng", Misread, Certain, "Nguyễn Thị Hằng"},
		{"Trแบงn Bแบฃo", Misread, Certain, "Trần Bảo"},
		{"Nguy峄卬", Misread, Certain, "Nguyễn"},
		{"H梳켷g", Misread, Certain, "Hằng"},
		{"ThiÌ£ HÄ\u0083Ì\u0080ng", Misread, Certain, "Thị Hằng"},
		{"NguyÃ”n ThÃž HÂ»ng", Misread, Certain, "Nguyễn Thị Hằng"},

		{"Nguy?n Th? Ng?c", Lost, Certain, ""},
		{"Tr?n V?n B?o", Lost, Certain, ""},
		{"L? H?u ??t", Lost, Certain, ""},
		{"Th? Lan", Lost, Certain, ""},
		{"Nguy\ufffdn", Lost, Certain, ""},
		{"?inh Lan", Lost, Certain, ""},
		{"Fran?ois", Lost, Certain, ""},
		{"??? ????", Lost, Certain, ""},
		{"?? Yên", Lost, Certain, ""},
		{"Nguy¿n Lan", Lost, Certain, ""},
		{"Nguy□n Lan", Lost, Certain, ""},
		{"Nguy\ue001n", Lost, Certain, ""},
		{"Trn Th Hng", Lost, Doubtful, ""},
		{"Nguy n Th Ng c", Lost, Doubtful, ""},
		{"Hâ€™Hen Niê", Misread, Certain, "H’Hen Niê"},
		{"ï»¿Nguyễn Lan", Misread, Certain, "Nguyễn Lan"},
		{"LĂª \ufffdÁnh", Misread, Certain, ""},
		{"Nguyá»…n TrĂ\ufffdm", Misread, Certain, ""},
		{`Nguy\\u1ec5n`, Escaped, Certain, "Nguyễn"},
		{"Lan&nbsp;", HTML, Certain, "Lan"},
		{"Nguy&#x1EC5n", HTML, Certain, "Nguyễn"},
		{"\x1b[31mLan", Control, Certain, ""},
		{"Ng***n V** A", Lost, Doubtful, ""},
		{"Nguyê ̃n Thi ̣ Lan", Apart, Certain, "Nguyễn Thị Lan"},
		{"Nguyêñ Thị Lan", Apart, Doubtful, "Nguyễn Thị Lan"},
		{"Trâǹ Văn Hằng", Apart, Doubtful, "Trần Văn Hằng"},
		{"Ibáñez", Intact, 0, ""},
		{"Nguyn Th Lan", Lost, Doubtful, ""},
		{"Th Lan", Lost, Possible, ""},
		{"Phm Quc Anh", Lost, Doubtful, ""},
		{"Bảo vệ?", Lost, Remark, ""},
		{"Kho hàng ?", Lost, Suspect, ""},
		{"Hoa? Lan", Lost, Suspect, ""},
		{"Phòng KD?", Lost, Remark, ""},
		{"Nguy_n Th_ Ánh", Underscored, Doubtful, ""},
		{"Sale_01", Underscored, Remark, ""},
		{"Sale_Hà", Underscored, Remark, ""},
		{"CSKH_HN", Underscored, Remark, ""},
		{"CSKH_Hà", Intact, 0, ""},
		{"KD_Nguyễn Văn An", Intact, 0, ""},
		{"Kho_Hà Nội", Intact, 0, ""},
		{"Nº 5", Intact, 0, ""},
		{"Mª José", Intact, 0, ""},
		{"ng t lan", Intact, 0, ""},
		{"ng thi hong", Intact, 0, ""},
		{"ng Bo Hng", Lost, Doubtful, ""},
		{"nguyen_van_an", Underscored, Remark, ""},
		{"Nguyễn_Thị_Lan", Underscored, Remark, ""},

		{"Nguy&#7877;n Th&#7883; H&ugrave;ng", HTML, Certain, "Nguyễn Thị Hùng"},
		{"L&ecirc; V&#x103;n T&acirc;m", HTML, Certain, "Lê Văn Tâm"},
		{"D&#39;Souza Minh", HTML, Certain, "D'Souza Minh"},
		{"R&amp;D", HTML, Certain, "R&D"},
		{"Nguy&amp;#7877;n", HTML, Certain, "Nguyễn"},
		{"<b>Lan</b>", HTML, Certain, "Lan"},
		{"Nguyễn Lan<br/>", HTML, Certain, "Nguyễn Lan"},
		{"Nguy%E1%BB%85n%20Lan", Percent, Certain, "Nguyễn Lan"},
		{"Nguy%E1%BB%85n+Lan", Percent, Certain, "Nguyễn Lan"},
		{"Nguy%u1EC5n", Percent, Certain, "Nguyễn"},
		{`Nguy\u1ec5n`, Escaped, Certain, "Nguyễn"},
		{`Nguy\xe1\xbb\x85n`, Escaped, Certain, "Nguyễn"},
		{`Nguy\341\273\205n`, Escaped, Certain, "Nguyễn"},
		{`Nguyu1ec5n`, Escaped, Certain, "Nguyễn"},
		{"Nguy=E1=BB=85n", Mail, Certain, "Nguyễn"},
		{"=?UTF-8?B?Tmd1eeG7hW4gTGFu?=", Mail, Certain, "Nguyễn Lan"},
		{"=?utf-8?Q?Nguy=E1=BB=85n_Lan?=", Mail, Certain, "Nguyễn Lan"},
		{"Nguy+HsU-n", Mail, Certain, "Nguyễn"},
		{"Tmd1eeG7hW4gTGFu", Mail, Certain, "Nguyễn Lan"},

		{"N\x00g\x00u\x00y\x00\u00c5\x1en\x00", Control, Certain, "Nguyễn"},
		{"Lan\x00", Control, Certain, "Lan"},
		{"Lan\u0085", Control, Certain, ""},
		{"Nguyễn \u202eaL ihT", Direction, Certain, "Nguyễn Thi La"},

		{"\uf04eguy\uf0d4n Th\uf0de H\uf0bbng", TCVN3, Certain, "Nguyễn Thị Hằng"},
		{"HÃ", Intact, 0, ""},
		{"Xa HÃ\u00a0", Misread, Certain, "Xa Hà"},
		{"Xa HÃ", Misread, Possible, "Xa Hà"},
		{"TRẦN NHÃ\u00a0", Intact, 0, ""},
		{"NguyÔn ThÞ H»ng", TCVN3, Doubtful, "Nguyễn Thị Hằng"},
		{"TrÇn V¨n Dòng", TCVN3, Doubtful, "Trần Văn Dũng"},
		{"Lª §øc Th¾ng", TCVN3, Doubtful, "Lê Đức Thắng"},
		{"Ph¹m ThÞ Mü H¹nh", TCVN3, Doubtful, "Phạm Thị Mỹ Hạnh"},
		{"NGUYÔN THÞ H»NG", TCVN3, Doubtful, "NGUYỄN THỊ HẰNG"},
		{"Nguyeãn Thò Haèng", VNI, Doubtful, "Nguyễn Thị Hằng"},
		{"Traàn Vaên Duõng", VNI, Doubtful, "Trần Văn Dũng"},
		{"Leâ Ñöùc Thaéng", VNI, Doubtful, "Lê Đức Thắng"},
		{"NguyÔn Th̃ H»ng", TCVN3, Doubtful, "Nguyễn Thị Hằng"},
		{"Nguyeăn Tḥ Haèng", VNI, Doubtful, "Nguyễn Thị Hằng"},
		{"NguyêÞn Thiò HãÌng", Windows1258, Doubtful, "Nguyễn Thị Hằng"},
		{"Nguye^~n Thi. Ha(`ng", VIQR, Doubtful, "Nguyễn Thị Hằng"},
		{"Dda(.ng Va(n Ba?o", VIQR, Certain, "Đặng Văn Bảo"},
	} {
		if got := Inspect(c.name); got.Damage != c.damage || got.Certainty != c.certainty || got.Mended != c.mended {
			t.Errorf("%q: %+v, want %+v", c.name, got, Finding{c.damage, c.certainty, c.mended})
		}
	}
}

func TestRealNames(t *testing.T) {
	for _, name := range []string{
		"", "Lan", "Y Moan Êban", "H'Hen Niê", "K'Brếu", "O'Brien", "J. A. Smith", "Reddy", "Anaïs", "Raphaël", "João", "PHẠM CÔNG ĐÔNG", "Øystein", "Jürgen",
		"Łukasz", "Nguyễn-Phước", "阮文安", "김민준", "สมชาย", "Иван Петров", "Lễ tân 1", "Kho #2", "Phòng Kế toán & Tài chính", "R&D", "CSKH (ca 1)",
		"Lê Công", "Ân", "Hà Lan", "Ý Nhi", "Đặng Đức", "TRẦN NHÃ\u00a0", "“TRẦN NHÃ”", "Đ’Arcy", "Nguyễn Văn A (Sale 50%)", "A <lan@x.vn>", "Loïc", "Noël Léa",
		"Zoë Chloë", "José María", "Inès Dupré", "Søren Kjær", "Mª José", "Sale + CSKH", "Ca 1 + 2", "C++", "Hà (a)", "Nga(HN)", "Th. Trn", "Mr Ng", "Ths Hng", "NV KD", "c Hoa kế toán", "a Tuấn", "nv kho", "vp q1", "Lan n", "Trưởng phòng*", "Sale*", "☐ Lan", "羅", "Lan 阮", "Thần Đồng Đất Việt",
	} {
		if got := Inspect(name); got.Certainty > Possible {
			t.Errorf("%q: %+v", name, got)
		}
	}
}
