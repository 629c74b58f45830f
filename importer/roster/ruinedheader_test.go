package roster

import (
	"strings"
	"testing"

	"etelecom-import/importer/hint"
)

// TestRuinedHeaders: who has a header that a program has ruined is told what happened. Nothing of it is shown.
func TestRuinedHeaders(t *testing.T) {
	const (
		misread = "the header is ruined: a program read UTF-8 in another encoding and saved that; open the original file, and save it again as CSV UTF-8"
		lost    = "the header is ruined: letters were lost when the file was converted; open the original file"
		tcvn3   = "the header is ruined: it looks like TCVN3 (ABC) text; convert the file to Unicode, for example with UniKey"
		vni     = "the header is ruined: it looks like VNI text; convert the file to Unicode"
		none    = "is not a header"
	)
	for header, want := range map[string]string{
		"Há» vÃ  tÃªn,SÄT,Máº\u00adt kháº©u,MÃ¡y nhÃ¡nh":                    misread,
		"Há»\u008d vÃ\u00a0 tÃªn,SÄ\u0090T,Máº\u00adt kháº©u,MÃ¡y nhÃ¡nh":   misread,
		"Há»� tÃªn,Sá»‘ Ä‘iá»‡n thoáº¡i,Máº\u00adt kháº©u,Sá»‘ mÃ¡y nhÃ¡nh": misread,
		"name,phone,Máº\u00adt kháº©u,ext":                                  misread,
		"H? v? t?n,S?T,M?t kh?u,M?y nh?nh":                                  lost,
		"H? và tên,S?T,M?t kh?u,Máy nhánh":                                  lost,
		"H� và tên,S�T,M�t kh�u,Máy nhánh":                                  lost,
		"H_ t_n,S? ?i?n tho?i,M_t kh_u,S_ m_y nh_nh":                        lost,
		"Hä vµ tªn,S§T,MËt khÈu,M¸y nh¸nh":                                  tcvn3,
		"Hä tªn,Sè ®iÖn tho¹i,MËt khÈu,M· m¸y nh¸nh":                        tcvn3,
		"Hoï vaø teân,SÑT,Maät khaåu,Maùy nhaùnh":                           vni,
		"Hoï teân,Soá ñieän thoaïi,Maät khaåu,Soá maùy nhaùnh":              vni,
		"Ho. va` te^n,So^' ddie^.n thoa.i,Ma^.t kha^?u,Ma'y nha'nh":         "the header is ruined: it looks like VIQR text",
		"Nguyá»…n Thá»‹ Lan,0903551200,Máº\u00adt-kháº©u-9,1001":            none,
		"Nguy?n Th? Ng?c,0903551200,Xu?n-9182,1001":                         none,
		"H?,?,M?-9,1001":                        none,
		"H??? ng??i ???,Xu?n-9182,Qu? T?m,1001": none,
	} {
		for _, above := range []string{"", "CÔNG TY HOA SEN\n\n"} {
			_, err := Read(strings.NewReader(above+header+"\nTú,0903551203,Xuan-9182,1004\n"), Options{})
			if err == nil {
				t.Errorf("%s is read", header)
				continue
			}
			said := err.Error() + "; " + hint.Of(err)
			if !strings.Contains(said, want) {
				t.Errorf("%q: %s, want %s", header, said, want)
			}
			if strings.ContainsAny(said, "áº?�") || strings.Contains(said, "9182") {
				t.Errorf("%q: it is shown: %s", header, said)
			}
		}
	}
}
