package vietnamese

import (
	"strings"
	"testing"
)

func TestIsSyllable(t *testing.T) {
	yes := `Nguyễn Thị Ánh Hoà hòa Hoàng Hòang Lý Lí quý Quí qúy Quỳnh quyên quyết quốc giếng gì gìn già giữ giêng nghiêng nghĩ ghế ngữ khuỷu
		khuya thuở Huỳnh Thuỳ Thùy Đặng đạt PHẠM ĐÔNG Yến yêu ý Y ỷ Ân Ốc Ưng ươm oanh Uyên uỷ xoong xoòng soóc thuế huệ khuê tuấn
		luật quẩn người rượu tuổi muỗi cuối Kỷ Kạn Mỹ Vy Hy Tỵ hoặc hoắt ngoằn loè chuyện ngoài ngoáy Nguyệt Tuyết Đức phúc Trực
		Khoa Kiệt Việt Bích bịch khách mệnh duệ thuần chuẩn bừng Lượm lướt giường giám giữa cửa mía ưa Thoại Uýnh`
	for _, w := range strings.Fields(yes) {
		if !IsSyllable(w) {
			t.Errorf("%s is none", w)
		}
	}
	no := `NguyÔn ThÞ Traàn Vaên Duõng Leâ Haèng Niê Müller João Anaïs Ng Th Đắk Raphaël hoàc mèc Ngoc Dat cé kà? qa qoà ngé gé ghà
		nghà fá wá zá áá hóá iên quứ Łukasz giểuu giiếng tiếngg đđ h ă â uô iê ươ yê oă Tíên hyên lyn`
	for _, w := range strings.Fields(no) {
		if IsSyllable(w) {
			t.Errorf("%s is one", w)
		}
	}
}

func TestMayBeSyllable(t *testing.T) {
	for _, w := range strings.Fields(`Nguy?n Th? Ng?c Tr?n V?n B?o L? H?u ??t D??ng ?inh Ph?m Qu?nh Gi? G? Hu?nh Tu?n ?i?n Ti?p Quy?t Kh??ng TH? Th_`) {
		if !mayBeSyllable(w) {
			t.Errorf("%s cannot", w)
		}
	}
	for _, w := range strings.Fields(`KD? vệ? Sale? M?ller Fran?ois HR? ?Lan Bảo? Hoan? Sale_01 Kho_Hà`) {
		if mayBeSyllable(w) {
			t.Errorf("%s can", w)
		}
	}
}
