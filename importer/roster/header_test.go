package roster

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"etelecom-import/importer/hint"
)

// headers are headers that people and programs write, divided by semicolons, and what each column is: n is the name, p the phone, w
// the password, i the id of the extension, x its number, j a part of the name that is joined, and - is ignored. A text in place of
// that is what refuses the header.
var headers = []struct{ cells, want string }{
	// Names.
	{"name;phone;password;extension_number", "npwx"},
	{"full_name;phone;password;extension_id", "npwi"},
	{"Full name;Phone number;Password;Extension ID", "npwi"},
	{"FULLNAME;PHONENUMBER;PASSWORD;EXTENSIONID", "npwi"},
	{"FullName;PhoneNumber;Password;ExtensionNumber", "npwx"},
	{"Họ và tên;SĐT;Mật khẩu;Máy nhánh", "npwx"},
	{"HỌ VÀ TÊN;SĐT;MẬT KHẨU;MÁY NHÁNH", "npwx"},
	{"ho va ten;sdt;mat khau;may nhanh", "npwx"},
	{"HO_VA_TEN;SDT;MAT_KHAU;MAY_NHANH", "npwx"},
	{"Họ & tên;SĐT;Mật khẩu;Máy nhánh", "npwx"},
	{"Họ/Tên;ĐT;MK;Ext", "npwx"},
	{"Họ tên;SĐT;Mật khẩu;Số máy nhánh", "npwx"},
	{"Họ tên NV;SĐT;Mật khẩu;Số nhánh", "npwx"},
	{"Tên NV;SĐT cá nhân;Mật khẩu mới;Nhánh", "npwx"},
	{"Tên nhân viên;SĐT Zalo;Mật khẩu ban đầu;Line", "npwx"},
	{"Tên đầy đủ;Điện thoại liên hệ;Mật khẩu mặc định;Số ext", "npwx"},
	{"Họ tên đầy đủ;Số ĐTDĐ;Mật khẩu đăng nhập;Máy nội bộ", "npwx"},
	{"Tên hiển thị;ĐT di động;Mật khẩu tạm;Đầu số nội bộ", "npwx"},
	{"Display name;Mobile Phone Number;Initial password;Ext.", "npwx"},
	{"DisplayName;MobilePhone;InitialPassword;Extension", "npwx"},
	{"Employee name;Cell;Temporary password;Ext No.", "npwx"},
	{"Staff Name;Work phone;Default password;Extension No", "npwx"},
	{"Agent name;Số phone;Pass;Exten", "npwx"},
	{"Họ, chữ đệm và tên;Số điện thoại;Mật khẩu;Máy lẻ", "npwx"},
	{"Họ đệm và tên;Số điện thoại;Mật khẩu;Số nội bộ", "npwx"},
	{"Họ và tên CBNV;Số di động;Mật khẩu cấp;Máy nhánh tổng đài", "npwx"},
	{"Họ tên (theo CCCD);SĐT (di động);Mật khẩu (tối thiểu 8 ký tự);Mã máy nhánh (19 số)", "npwi"},
	{"Name in full;Mobile no.;Pwd;Ext #", "npwx"},
	{"Nhân viên;SĐT;Mật khẩu;Máy nhánh", "npwx"},
	{"Employee;Phone;Password;Ext", "npwx"},
	{"Tên;SĐT;Mật khẩu;Máy nhánh", "npwx"},
	{"Nguời dùng;Họ tên;SĐT;Mật khẩu;Máy nhánh", "-npwx"},
	{"Họ và tên giáo viên;Số máy di động;Mật khẩu mong muốn;Số máy bàn", "npwx"},
	{"Họ tên GV;SĐT;Mật khẩu;Máy bàn", "npwx"},
	{"Tên bác sĩ;SĐT công ty cấp;Mật khẩu;SIP", "npwx"},
	{"Họ tên CTV;SĐT;Mật khẩu;Tài khoản SIP", "npwx"},
	{"Tên liên hệ;SĐT;Mật khẩu;Internal No.", "npwx"},
	{"Họ tên người sử dụng;SĐT;Mật khẩu;Số SIP", "npwx"},
	{"1. Họ và tên của anh/chị?;2. Số điện thoại của anh/chị?;3. Mật khẩu mong muốn;4. Số máy nhánh", "npwx"},
	{"Vui lòng nhập họ và tên của bạn;SĐT của bạn;Mật khẩu;Ext", "npwx"},
	{"Họ tên (in hoa);SĐT;Mật khẩu;Ext", "npwx"},
	{"Họ tên;Họ tên (in hoa);Tên khai sinh;SĐT;Mật khẩu;Ext", "n--pwx"},
	{"Họ tên;SĐT;Máy bàn;SIP;Mật khẩu;Máy nhánh", "np--wx"},
	{"Họ tên;SĐT;Mật khẩu;Agent ID", `if "Agent ID" has the numbers of the extensions, call the column extension_number`},
	{"Họ tên;SĐT;Mật khẩu;VoIP", `if "VoIP" has the numbers of the extensions, call the column extension_number`},
	{"Người sử dụng;SĐT;Mật khẩu;Ext", `"Người sử dụng" is a login; if the column has the names of the people, call it name`},
	{"姓名;手机;密码;分机", "npwx"},
	{"이름;전화번호;비밀번호;내선번호", "npwx"},
	{"氏名;電話番号;パスワード;内線", "npwx"},

	// In two languages, and with what people put around them.
	{"STT;Họ và tên / Full name;SĐT / Phone;Mật khẩu / Password;Máy nhánh / Ext", "-npwx"},
	{"Họ và tên - Full name;SĐT - Phone;Mật khẩu - Password;Máy nhánh - Ext", "npwx"},
	{"Họ và tên-Full name;SĐT-Phone;Mật khẩu-Password;Máy nhánh-Ext", "npwx"},
	{"Họ và tên – Full name;SĐT — Phone;Mật khẩu | Password;Máy nhánh (Ext)", "npwx"},
	{"Họ và tên (Full name);SĐT (Phone number);Mật khẩu (Password);Số máy nhánh (Extension number)", "npwx"},
	{"Full name (Họ và tên);Phone (SĐT);Password (Mật khẩu);Extension (Máy nhánh)", "npwx"},
	{"Họ và tên\nFull name;SĐT\r\nPhone;Mật khẩu\n(Password);Máy nhánh\nExt", "npwx"},
	{"Họ và tên Full name;SĐT Phone;Mật khẩu Password;Máy nhánh Ext", "npwx"},
	{"Họ và tênFull name;SĐTPhone;Mật khẩuPassword;Máy nhánhExt", "npwx"},
	{"Họ và tên<br>Full name;SĐT<br/>Phone;Mật khẩu\\nPassword;Máy nhánh_x000D_\nExt", "npwx"},
	{"Họ và tên: Full name;SĐT: Phone;Mật khẩu: Password;Máy nhánh: Ext", "npwx"},
	{"Họ tên:;SĐT:;Mật khẩu:;Máy nhánh:", "npwx"},
	{"Tên nhân viên/Employee/姓名;Điện thoại/Mobile/手机;Mật khẩu/Password/密码;Máy nhánh/Ext/分机", "npwx"},
	{"Name [Required];Phone [Required];Password [Required];Extension [Required]", "npwx"},
	{"[Required] Name;(*) Phone;* Password;Extension*", "npwx"},
	{"Name (required);Phone (mandatory);Password (bắt buộc);Extension (không bắt buộc)", "npwx"},
	{"Họ tên (*);SĐT (*);Mật khẩu (*);Máy nhánh (*)", "npwx"},
	{"Họ tên *;SĐT *;Mật khẩu *;Máy nhánh", "npwx"},
	{"Họ tên (bắt buộc);SĐT - bắt buộc;Mật khẩu bắt buộc;Máy nhánh [bắt buộc]", "npwx"},
	{"Required Name;Name required;Phone required;Password required;Extension optional", "are both the name"},
	{"1. Họ tên;2. SĐT;3. Mật khẩu;4. Máy nhánh", "npwx"},
	{"(1) Họ tên;(2) SĐT;(3) Mật khẩu;(4) Máy nhánh", "npwx"},
	{"1) Họ tên;2) SĐT;3) Mật khẩu;4) Máy nhánh", "npwx"},
	{"1-Họ tên;2-SĐT;3-Mật khẩu;4-Máy nhánh", "npwx"},
	{"Họ tên (1);SĐT (2);Mật khẩu (3);Máy nhánh (4)", "npwx"},
	{"a) Họ tên;b) SĐT;c) Mật khẩu;d) Máy nhánh", "npwx"},
	{"I. Họ tên;II. SĐT;III. Mật khẩu;IV. Máy nhánh", "npwx"},
	{"“Họ tên”;'SĐT';«Mật khẩu»;\"Máy nhánh\"", "npwx"},
	{"=\"Họ tên\";=\"SĐT\";=\"Mật khẩu\";=\"Máy nhánh\"", "npwx"},
	{"'Họ tên;'SĐT;'Mật khẩu;'Máy nhánh", "npwx"},
	{"  Họ tên  ;\u00a0SĐT\u00a0; Mật  khẩu ;\tMáy nhánh\t", "npwx"},
	{"\u200bHọ tên;SĐT\ufeff;Mật\u00a0khẩu;Máy\u2060nhánh", "npwx"},
	{"ï»¿name;phone;password;extension_number", "npwx"},
	{"Ho\u0323 te\u0302n;So\u0302\u0301 \u0111ie\u0323\u0302n thoa\u0323i;Ma\u0323\u0302t kha\u0302\u0309u;Ma\u0301y nha\u0301nh", "npwx"},
	{"Họ t&#234n;S&#7889 điện thoại;Mật khẩu;M&#225y nh&#225nh", "npwx"},
	{"Họ tên;SÐT;Mật khẩu;Máy nhánh", "npwx"}, // Eth
	{"Họ tên;SƉT;Mật khẩu;Máy nhánh", "npwx"}, // African D
	{"Họ tên;Ðiện thoại;Mật khẩu;Máy nhánh", "npwx"},
	{"Ｎａｍｅ;Ｐｈｏｎｅ;Ｐａｓｓｗｏｒｄ;Ｅｘｔ（３）", "npwx"},
	{"Họ tên【必填】;SĐT【必填】;Mật khẩu;Máy nhánh", "npwx"},
	{"Họ tên (VD: Nguyễn Văn A);SĐT (VD 0901234567);Mật khẩu (VD: Bien-xanh-310);Máy nhánh (VD: 101)", "npwx"},
	{"Họ tên;SĐT VD 0901234567;Mật khẩu ví dụ Bien-xanh-310;Máy nhánh vd: 101", "npwx"},
	{"Họ tên;SĐT: VD 0901234567;Mật khẩu: Bien-xanh-310;Máy nhánh", "npwx"},
	{"Họ tên;SĐT 10 số;Mật khẩu 8 ký tự;Máy nhánh 3 số", "npwx"},
	{"Họ tên;SĐT - 10 số;Mật khẩu - tối thiểu 8 ký tự;Máy nhánh - dạng 101", "npwx"},
	{"Name <text>;Phone {text};Password [8+];Ext (digits)", "npwx"},
	{"Nhập họ tên;Nhập SĐT;Nhập mật khẩu;Nhập máy nhánh", "npwx"},

	// Phones.
	{"name;ĐT;password;ext", "npwx"},
	{"name;Đ.T;password;ext", "npwx"},
	{"name;S.Đ.T;password;ext", "npwx"},
	{"name;Số ĐT;password;ext", "npwx"},
	{"name;Số điện thoại di động;password;ext", "npwx"},
	{"name;Điện thoại cá nhân;password;ext", "npwx"},
	{"name;SĐT công ty;password;ext", "npwx"},
	{"name;Phone 1;password;ext", "npwx"},
	{"name;phone1;password;ext", "npwx"},
	{"name;phone_1;password;ext", "npwx"},
	{"name;Phone 1 - Value;password;ext", "npwx"},
	{"name;Phone 1 - Label;Phone 1 - Value;password;ext", "n-pwx"},
	{"name;Phone 1 - Type;Phone 1 - Value;Phone 2 - Type;Phone 2 - Value;password;ext", "n-p--wx"},
	{"name;phone 1;phone 2;password;ext", "np-wx"},
	{"name;Mobile;Work phone;password;ext", "np-wx"},
	{"name;Cell;Work phone;password;ext", "np-wx"},
	{"name;Work phone;SĐT;Số ĐTDĐ;password;ext", "n-p-wx"},
	{"name;Mobile;SĐT;password;ext", "np-wx"},
	{"name;Mobile;Home Phone;Fax;password;ext", "np--wx"},
	{"name;Phone(s);password;ext", "npwx"},
	{"name;Tel.;password;ext", "npwx"},
	{"name;Tel/Mobile;password;ext", "npwx"},
	{"name;Điện thoại/Email;password;ext", "no column for phone"},
	{"name;SĐT (người thân);password;ext", "no column for phone"},
	{"name;SĐT người thân;SĐT;password;ext", "n-pwx"},
	{"name;SĐT;SĐT khẩn cấp;Điện thoại bàn;password;ext", "np--wx"},
	{"name;Emergency phone;password;ext", "no column for phone"},

	// Passwords.
	{"name;phone;Mật khẩu (tạm);ext", "npwx"},
	{"name;phone;Password (initial);ext", "npwx"},
	{"name;phone;Mật khẩu/MK;ext", "npwx"},
	{"name;phone;Mật mã;ext", "npwx"},
	{"name;phone;password (bcrypt);extension_number", "npwx"},
	{"name;phone;password_hash;password;extension_number", "np-wx"},
	{"name;phone;Password;Confirm password;ext", "npw-x"},
	{"name;phone;Mật khẩu cũ;Mật khẩu mới;ext", "np-wx"},
	{"name;phone;Mật khẩu;Mật khẩu mới;ext", "npw-x"},
	{"name;phone;Mật khẩu (cũ);ext", "no column for password"},
	{"name;phone;Mật khẩu wifi;ext", "no column for password"},
	{"name;phone;SIP password;ext", "no column for password"},
	{"name;phone;Mật khẩu, Mật khẩu wifi;ext", "no column for password"},
	{"name;phone;password;Password;ext", "are both the password"},
	{"name;phone;Mã PIN;ext", "no column for password"},

	// Extensions.
	{"name;phone;password;Ext.", "npwx"},
	{"name;phone;password;Extension Number", "npwx"},
	{"Number;name;phone;password", `if "Number" has the numbers of the extensions, call the column extension_number`},
	{"Caller ID;name;phone;password", `if "Caller ID" has the numbers of the extensions, call the column extension_number`},
	{"Number;name;phone;password;ext", "-npwx"},
	{"name;phone;password;Mã nhánh", "npwi"},
	{"name;phone;password;Mã máy nhánh;Số máy nhánh", "npwix"},
	{"name;phone;password;Extension (ID)", "npwi"},
	{"name;phone;password;ID máy nhánh", "npwi"},
	{"name;phone;password;Số nhánh;Mã nhánh", "npwxi"},
	{"name;phone;password;Mã máy nhánh;Số nhánh", "npwi-"},
	{"name;phone;password;Ext;Line", "npwx-"},
	{"name;phone;password;Extension ID;Line", "npwi-"},
	{"name;phone;password;Đầu số", "npwx"},
	{"name;phone;password;Chi nhánh", "no column for extension_id or extension_number"},
	{"name;phone;password;Chi nhánh;Nhánh", "npw-x"},
	{"name;phone;password;Number", "no column for extension_id or extension_number"},
	{"name;phone;password;ext;extension", "are both the extension_number"},
	{"name;phone;password;ext / extension id", "no column for extension_id or extension_number"},

	// Logins and codes are no names.
	{"username;password;firstname;lastname;email;phone;extension", "-w---px"}, // rows are refused: see TestJoinedNames
	{"username;phone;password;ext", "-pwx"},
	{"login;phone;password;ext", `there is no column for name; the columns are "login", "phone", "password", "ext"; "login" is a login; if the column has the names of the people, call it name`},
	{"User name;phone;password;ext", "-pwx"},
	{"Tên đăng nhập;phone;password;ext", `"Tên đăng nhập" is a login`},
	{"Tài khoản;Họ tên;phone;password;ext", "-npwx"},
	{"Mã NV;Họ tên;SĐT;Mật khẩu;Máy nhánh", "-npwx"},
	{"Mã nhân viên;Nhân viên;SĐT;Mật khẩu;Máy nhánh", "-npwx"},
	{"Employee;Full name;Phone;Password;Ext", "-npwx"},
	{"Nhân viên;Họ và tên;SĐT;Mật khẩu;Máy nhánh", "-npwx"},
	{"Họ và tên;Tên;SĐT;Mật khẩu;Máy nhánh", "n-pwx"},
	{"Full name;Display name;Phone;Password;Ext", "n-pwx"},
	{"Name;Full name;Phone;Password;Ext", "-npwx"},
	{"Name;Tên;Phone;Password;Ext", "are both the name"},
	{"Họ tên;Full name;Phone;Password;Ext", "are both the name"},
	{"Tên phòng ban;Họ tên;SĐT;Mật khẩu;Máy nhánh", "-npwx"},
	{"Tên công ty;phone;password;ext", "no column for name"},
	{"Họ tên không dấu;phone;password;ext", "no column for name"},
	{"Họ tên;Họ tên không dấu;phone;password;ext", "n-pwx"},
	{"Tên (không dấu);phone;password;ext", "no column for name"},
	{"Tên / SĐT;phone;password;ext", "no column for name"},
	{"Họ tên / Chức vụ;phone;password;ext", "no column for name"},
	{"Organization Name;Name;Phone;Password;Ext", "-npwx"},
	{"Name;Organization 1 - Name;Phone;Password;Ext", "n-pwx"},
	{"Contact name;Phone;Password;Ext", "npwx"},
	{"Name;Contact name;Phone;Password;Ext", "n-pwx"},
	{"Name;Display name;Phone;Password;Ext", "n-pwx"},
	{"Tên;Họ;Tên hiển thị;Phone;Password;Ext", "--npwx"},

	// The name in several columns. "Tên" and "Name" may have the whole name: see TestJoinedNames.
	{"Họ;Tên;SĐT;Mật khẩu;Máy nhánh", "jjpwx"},
	{"Họ đệm;Tên;SĐT;Mật khẩu;Máy nhánh", "jjpwx"},
	{"Tên;Họ và đệm;SĐT;Mật khẩu;Máy nhánh", "jjpwx"},
	{"Họ;Tên đệm;Tên;SĐT;Mật khẩu;Máy nhánh", "jjjpwx"},
	{"First Name;Last Name;Phone;Password;Ext", `the name is in two columns, "Last Name" and "First Name"`},
	{"FirstName;LastName;MobileNumber;Password;Extension", `the name is in two columns, "LastName" and "FirstName"`},
	{"Given Name;Middle Name;Family Name;Phone;Password;Ext", `the name is in three columns, "Family Name", "Middle Name" and "Given Name"`},
	{"Name;Given Name;Family Name;Phone 1 - Value;Password;Ext", "n--pwx"},
	{"Name;First name;Last name;Phone;Password;Ext", "n--pwx"},
	{"Display name;First name;Last name;User principal name;Mobile phone;Password;Extension", "n---pwx"},
	{"Full name;Họ;Tên;Phone;Password;Ext", "n--pwx"},
	{"Họ / Last name;Tên / First name;Phone;Password;Ext", `the name is in two columns, "Họ / Last name" and "Tên / First name"`},
	{"Name;Surname;phone;password;ext", "jjpwx"},
	{"First name;phone;password;ext", `"First name" is a part of the name`},
	{"Last name;phone;password;ext", `"Last name" is a part of the name`},
	{"First name / Last name;Phone;Password;Ext", "npwx"},
	{"Surname, given name;Phone;Password;Ext", "npwx"},
	{"Name (Last, First);Phone;Password;Ext", "npwx"},

	// Other columns, and what is like a title.
	{"STT;Họ tên;Ngày sinh;Giới tính;SĐT;Email;Phòng ban;Chức vụ;Mật khẩu;Máy nhánh;Ghi chú", "-n--p---wx-"},
	{"No.;Full name;D.O.B;Sex;Phone;E-mail;Dept.;Position;Password;Ext;Remarks", "-n--p---wx-"},
	{"#;Name;Phone;Password;Ext;Status", "-npwx-"},
	{"name;phone;pasword;ext", `the column "pasword" is probably meant to be "password"`},
	{"name;phone;Mật khẩuu;ext", `the column "Mật khẩuu" is probably meant to be "password"`},
	{"name;phonne number;password;ext", `the column "phonne number" is probably meant to be "phone"`},
	{"name;phone;password;extention", `the column "extention" is probably meant to be "extension_number"`},
	{"name;phone;password;extention id", `the column "extention id" is probably meant to be "extension_id"`},
	{"name;phone;P@ssword;ext", `column 3 is probably meant to be "password"`},
	{"name;phone;Passw0rd;ext", `the columns are "name", "phone", column 3, "ext"; column 3 is probably meant to be "password"`},
	{"a;b;c;d", "this line has 4 cells and is not a header"},
	{"name;phone;password;ext;line;user_id;status;error_code;attempts;updated_at", "npwx------"},
	{"line;name;phone;extension_id;extension_number;user_id;status;error_code;error;attempts;updated_at;account_id", "this is the result of an import"},
	{"line;code;column;value;problem;fix", "this is a list of problems that --problems wrote"},
}

// mapping says in short what the columns of a header are.
func mapping(h *titleRow, n *nameColumns) string {
	var b strings.Builder
	for i, c := range h.columns {
		switch {
		case len(n.order) > 1 && slices.Contains(n.order, i):
			b.WriteByte('j')
		case c.Field == "":
			b.WriteByte('-')
		default:
			b.WriteByte(map[string]byte{fieldName: 'n', fieldPhone: 'p', fieldPassword: 'w', fieldID: 'i', fieldExtension: 'x'}[c.Field])
		}
	}
	return b.String()
}

func TestHeaderMapping(t *testing.T) {
	for _, c := range headers {
		h := readTitles(strings.Split(c.cells, ";"), 1)
		n, err := h.mapColumns(&Options{})
		got := ""
		switch {
		case err != nil:
			got = err.Error() + "; " + hint.Of(err)
		case n == nil:
			t.Errorf("%s: no name, no error", c.cells)
			continue
		default:
			got = mapping(h, n)
		}
		if got != c.want && (err == nil || !strings.Contains(got, c.want)) {
			t.Errorf("%s\n got %s\nwant %s", c.cells, got, c.want)
		}
		if err != nil && hint.Of(err) == "" {
			t.Errorf("%s: %v has no hint", c.cells, errors.Unwrap(err))
		}
	}
	if len(headers) < 150 {
		t.Errorf("%d headers", len(headers))
	}
}

// TestFirstVocabulary: what the first version understood is understood in the same way, also beside titles that it did not know.
func TestFirstVocabulary(t *testing.T) {
	for field, titles := range map[string][]string{
		fieldName: {
			"name", "full_name", "employee_name", "employee", "staff_name", "tên", "họ_tên", "họ_và_tên", "tên_nhân_viên", "họ_tên_nhân_viên", "họ_và_tên_nhân_viên",
			"nhân_viên", "tên (tạm)",
		},
		fieldPhone: {
			"phone", "phone_number", "phone_no", "mobile", "mobile_phone", "mobile_number", "mobile_no", "telephone", "tel", "cell_phone", "điện_thoại", "số_điện_thoại",
			"sđt", "số_đt", "đt", "di_động", "số_di_động", "điện_thoại_di_động", "SĐT (Zalo)",
		},
		fieldPassword: {"password", "pass", "passwd", "pwd", "mật_khẩu", "mk", "Mật khẩu (8 ký tự)"},
		fieldID: {
			"extension_id", "ext_id", "id_extension", "id_ext", "mã_máy_nhánh", "id_máy_nhánh", "mã_extension", "mã_số_máy_nhánh", "mã máy nhánh (19 số)",
		},
		fieldExtension: {
			"extension_number", "extension_no", "extension", "ext", "ext_no", "ext_number", "số_máy_nhánh", "máy_nhánh", "số_nội_bộ", "số_extension", "số_máy_lẻ", "máy_lẻ",
		},
	} {
		for _, title := range titles {
			for _, title := range []string{title, strings.ReplaceAll(title, "_", " "), strings.ToUpper(title)} {
				cells := []string{"SĐT Zalo", "Mật khẩu ban đầu", "Số nhánh", "Mã nhánh", "Ghi chú", title}
				for other, plain := range map[string]string{fieldName: "họ tên", fieldPhone: "phone", fieldPassword: "password", fieldExtension: "ext"} {
					if other != field && !(other == fieldExtension && field == fieldID) {
						cells = append(cells, plain)
					}
				}
				h := readTitles(cells, 1)
				if _, err := h.mapColumns(&Options{}); err != nil || h.columns[5].Field != field || len(slices.DeleteFunc(h.columns, func(c Column) bool { return c.Field == "" })) != 4 {
					t.Errorf("%s: %v, %+v", title, err, h.columns)
				}
			}
		}
	}
}

func TestTitlesOfHashes(t *testing.T) {
	for cell, want := range map[string]bool{
		"password": false, "Mật khẩu (8 ký tự)": false, "password (bcrypt)": true, "Password hash": true, "Mật khẩu (đã mã hóa)": true, "password [SHA-256]": true,
		"password: stored as MD5": true, "Mật khẩu mặc định": false, "user_pass": false,
	} {
		h := readTitles([]string{cell}, 1)
		if got := h.columns[0].hashed; got != want || !h.has(plainPassword, passwordHash) {
			t.Errorf("%s: %v, %+v", cell, got, h.titles)
		}
	}
}
