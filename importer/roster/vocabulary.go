package roster

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"etelecom-import/importer/spreadsheet"
)

// meaning is what a column holds, as far as its title says.
type meaning uint8

const (
	unknown meaning = iota

	wholeName   // "Họ và tên", "Full name"
	displayName // "Tên hiển thị": the whole name, unless another column has it
	plainName   // "Tên", "Name": the whole name, or what is left of it beside a family name
	personName  // "Nhân viên", "Employee": the name, or a code
	familyName  // perhaps with the middle name
	middleName
	givenName

	phoneNumber
	plainPassword
	passwordHash
	extensionID
	extensionNumber
	lineNumber // "Line", "Nhánh": the number of the extension, unless another column has it

	rowNumber // "STT"
	login     // "Username": a name for a computer
	other     // something that is not needed, or two things in one column
)

// fits reports whether a cell may belong to a column with the meaning, and whether that is certain, since it is no title.
func (m meaning) fits(cell string) (fit, certain bool) {
	text, _ := spreadsheet.Unwrap(cell)
	hasLetters := strings.ContainsFunc(text, unicode.IsLetter)
	switch m {
	case extensionNumber, lineNumber, rowNumber:
		isNumber := spreadsheet.IsDigits(text)
		return isNumber, isNumber
	case wholeName, plainName, personName, displayName, familyName, middleName, givenName:
		return hasLetters && !strings.ContainsFunc(text, unicode.IsDigit), false
	case phoneNumber: // people write that there is none
		return text == "" || hasLetters, false
	}
	return true, false
}

// vocabulary has what people and programs call columns. Case, accents, spaces and punctuation do not matter: see normalize. An
// underscore is a space here. A title that is here may be shown, and no other title: whatever else is in the place of one may be
// a password.
var vocabulary = map[meaning][]string{
	wholeName: {
		"full_name", "complete_name", "name_in_full", "legal_name", "employee_name", "employee_full_name", "staff_name", "staff_full_name",
		"agent_name", "member_name", "person_name", "user_full_name", "name_of_employee", "name_of_staff",
		"first_and_last_name", "first_last_name", "first_name_and_last_name", "last_name_and_first_name", "last_name_first_name",
		"first_name_last_name", "last_first_name", "name_and_surname", "surname_and_name", "surname_name", "name_surname",
		"họ_tên", "họ_và_tên", "họ_đệm_và_tên", "họ_đệm_tên", "họ_chữ_đệm_và_tên", "họ_chữ_đệm_tên", "họ_tên_đệm_và_tên", "họ_tên_đệm_tên",
		"họ_tên_lót_và_tên", "họ_lót_và_tên", "họ_lót_tên", "tên_và_họ",
		"tên_đầy_đủ", "họ_tên_đầy_đủ", "họ_và_tên_đầy_đủ", "họ_tên_đđ", "tên_nhân_viên", "tên_nhân_sự", "tên_cán_bộ", "tên_cán_bộ_nhân_viên",
		"tên_cbnv", "tên_nv", "tên_nlđ", "tên_người_lao_động", "tên_tổng_đài_viên", "tên_điện_thoại_viên", "tên_agent", "tên_thành_viên",
		"tên_giao_dịch_viên", "tên_tư_vấn_viên", "tên_nhân_viên_tổng_đài", "họ_tên_user", "họ_tên_người_dùng", "họ_và_tên_người_dùng",
		"姓名", "氏名", "名前", "성명", "이름",
	},
	displayName: {
		"display_name", "contact_name", "tên_hiển_thị", "hiển_thị", "tên_liên_hệ", "họ_tên_khai_sinh", "họ_và_tên_khai_sinh", "tên_khai_sinh",
		"họ_tên_in_hoa", "họ_và_tên_in_hoa", "họ_tên_viết_hoa", "họ_và_tên_viết_hoa", "họ_tên_chữ_in_hoa", "họ_và_tên_chữ_in_hoa", "tên_in_hoa",
	},
	plainName: {"name", "names", "tên", "tên_gọi", "名字"},
	personName: {
		"employee", "employees", "staff", "agent", "member", "person", "personnel", "nhân_viên", "nhân_sự", "cán_bộ", "cán_bộ_nhân_viên", "cbnv",
		"người_lao_động", "nlđ", "thành_viên", "giáo_viên", "bác_sĩ", "cộng_tác_viên", "ctv", "tổng_đài_viên", "điện_thoại_viên", "giao_dịch_viên", "tư_vấn_viên", "nv",
	},
	familyName: {
		"last_name", "family_name", "surname", "sur_name", "họ", "họ_đệm", "họ_và_đệm", "họ_lót", "họ_và_lót", "họ_chữ_đệm", "họ_và_chữ_đệm",
		"họ_chữ_lót", "họ_và_chữ_lót", "họ_tên_đệm", "họ_và_tên_đệm", "họ_tên_lót", "họ_và_tên_lót", "họ_tên_lót_đệm", "họ_và_tên_chữ_đệm",
		"姓",
	},
	middleName: {
		"middle_name", "middle_names", "middle", "middle_initial", "additional_name", "tên_đệm", "đệm", "chữ_đệm", "tên_lót", "chữ_lót", "lót", "tên_giữa",
	},
	givenName: {
		"first_name", "given_name", "given_names", "given", "fore_name", "forename", "tên_riêng", "tên_chính", "名",
	},
	phoneNumber: {
		"phone", "phones", "phone_number", "phone_numbers", "phone_no", "phone_num", "mobile", "mobiles", "mobile_phone", "mobile_number", "mobile_no",
		"mobile_num", "mobile_phone_number", "mobile_phone_no", "telephone", "telephone_number", "telephone_no", "telephone_mobile", "tel", "tel_no",
		"tel_number", "cell", "cell_phone", "cell_number", "cell_no", "cell_phone_number", "cell_phone_no", "hand_phone", "handphone", "smartphone",
		"contact_number", "contact_no", "contact_phone", "contact_phone_number", "contact_mobile", "fone",
		"điện_thoại", "số_điện_thoại", "sđt", "số_đt", "đt", "đthoại", "số_đthoại", "di_động", "số_di_động", "điện_thoại_di_động", "số_điện_thoại_di_động",
		"đtdđ", "số_đtdđ", "sđtdđ", "dđ", "số_dđ", "sdđ", "đt_dđ", "số_đt_dđ", "sđt_dđ", "điện_thoại_dđ", "số_phone", "số_mobile", "số_fone", "số_tel",
		"số_máy_di_động", "số_liên_hệ", "số_liên_lạc", "số_điện_thoại_liên_hệ", "liên_hệ_điện_thoại", "số_cầm_tay", "điện_thoại_cầm_tay",
		"电话", "電話", "電話番号", "电话号码", "手机", "手机号", "手机号码", "전화번호", "휴대폰", "携帯電話",
	},
	plainPassword: {
		"password", "passwords", "pass", "pass_word", "passwd", "passwrd", "pwd", "pw", "psw", "passcode", "user_password", "user_pass", "mật_khẩu", "mk", "mkhẩu", "mật_mã",
		"mã_mật_khẩu", "密码", "密碼", "パスワード", "비밀번호",
	},
	passwordHash: {
		"password_hash", "passwordhash", "hashed_password", "password_digest", "encrypted_password", "password_bcrypt", "password_md5", "password_sha",
		"password_sha1", "password_sha256", "password_sha512", "password_crypt", "password_ssha", "password_argon2", "password_encrypted", "password_hashed",
		"pwd_hash", "pass_hash", "mật_khẩu_mã_hóa", "mật_khẩu_đã_mã_hóa", "mật_khẩu_băm", "mật_khẩu_đã_băm", "mật_khẩu_md5",
		"mật_khẩu_hash", "mật_khẩu_bcrypt", "mật_khẩu_sha1", "mật_khẩu_sha256",
	},
	extensionID: {
		"extension_id", "extensions_id", "ext_id", "exten_id", "extn_id", "id_extension", "id_ext", "id_of_extension", "extension_code", "ext_code",
		"mã_máy_nhánh", "id_máy_nhánh", "id_của_máy_nhánh", "máy_nhánh_id", "mã_extension", "mã_ext", "mã_số_máy_nhánh", "mã_nhánh", "id_nhánh", "nhánh_id",
		"mã_số_nhánh", "mã_định_danh_máy_nhánh", "mã_id_máy_nhánh", "mã_máy_lẻ", "id_máy_lẻ", "mã_máy_nội_bộ",
	},
	extensionNumber: {
		"extension_number", "extension_no", "extension_num", "extension", "extensions", "ext", "ext_no", "ext_number", "ext_num", "exten", "extn", "extn_no",
		"sip_extension", "phone_extension", "ip_phone", "số_ip_phone", "internal_number", "internal_no", "internal_extension", "internal_phone", "internal_phone_number",
		"số_máy_nhánh", "máy_nhánh", "số_nhánh", "nhánh_số", "số_nội_bộ", "số_extension", "số_ext", "số_máy_lẻ", "máy_lẻ", "số_lẻ", "máy_nội_bộ",
		"số_máy_nội_bộ", "đầu_số_nội_bộ", "số_điện_thoại_nội_bộ", "điện_thoại_nội_bộ", "sđt_nội_bộ", "đt_nội_bộ", "số_gọi_nội_bộ", "máy_nhánh_số",
		"đầu_số_máy_nhánh", "số_đt_nội_bộ", "số_máy_nhánh_nội_bộ", "máy_nhánh_nội_bộ", "sđt_máy_nhánh", "分机", "分机号", "分機", "内線", "内線番号", "내선번호",
	},
	lineNumber: {
		"line", "số_line", "nhánh", "đầu_số", "nội_bộ", "máy_bàn", "số_máy_bàn", "sip", "số_sip", "tài_khoản_sip", "sip_account", "sip_number", "sip_no", "user_sip",
	},
	rowNumber: {
		"stt", "số_tt", "số_thứ_tự", "tt", "thứ_tự", "no", "nr", "s_no", "sl_no", "sr_no", "serial", "serial_no", "serial_number", "index", "row", "row_no", "row_number", "seq",
		"sequence", "order", "item", "序号", "번호", "番号",
	},
	login: {
		"username", "user", "user_id", "uid", "login", "login_name", "login_id", "logon", "logon_name", "user_login", "account", "account_name", "sign_in_name",
		"user_principal_name", "upn", "sam_account_name", "user_code", "nick", "nickname", "nick_name", "alias", "screen_name", "handle",
		"tài_khoản", "tên_tài_khoản", "tên_đăng_nhập", "đăng_nhập", "tên_truy_cập", "tên_người_dùng", "người_dùng", "người_sử_dụng", "tên_người_sử_dụng",
		"id_đăng_nhập", "mã_đăng_nhập", "tài_khoản_đăng_nhập", "tên_tk", "tk", "biệt_danh", "user_đăng_nhập", "tên_user",
	},
	other: otherTitles,
}

// otherTitles are common titles of columns that are not needed.
var otherTitles = []string{
	// People, and what they are called elsewhere.
	"id", "code", "mã", "mã_số", "mã_nv", "mã_nhân_viên", "mã_số_nhân_viên", "mã_số_nv", "msnv", "mnv", "mã_cbnv", "mã_cán_bộ", "mã_nhân_sự", "mã_chấm_công",
	"mã_thẻ", "số_thẻ", "mã_người_dùng", "số_hiệu", "employee_id", "employee_no", "employee_number", "employee_code", "emp_id", "emp_no", "emp_code", "staff_id",
	"staff_no", "staff_code", "badge", "badge_number", "person_id", "agent_id", "object_id", "external_id", "ref", "reference", "uuid", "guid", "initials",
	"english_name", "tên_tiếng_anh", "tên_thường_gọi", "tên_viết_tắt", "tên_không_dấu", "họ_tên_không_dấu", "họ_và_tên_không_dấu", "tên_cũ", "tên_khác",
	"name_prefix", "name_suffix", "prefix", "suffix", "salutation", "honorific", "danh_xưng", "phonetic_name", "phonetic_first_name", "phonetic_middle_name",
	"phonetic_last_name", "file_as", "maiden_name", "gender", "sex", "giới_tính", "nam_nữ", "phái", "birthday", "birth_date", "date_of_birth", "dob", "birth_year",
	"year_of_birth", "ngày_sinh", "năm_sinh", "ngày_tháng_năm_sinh", "tuổi", "age", "place_of_birth", "nơi_sinh", "quê_quán", "nguyên_quán", "hometown", "dân_tộc",
	"ethnicity", "tôn_giáo", "religion", "quốc_tịch", "nationality", "hôn_nhân", "tình_trạng_hôn_nhân", "marital_status", "photo", "ảnh", "hình_ảnh", "avatar",
	"cmnd", "cccd", "số_cmnd", "số_cccd", "cmnd_cccd", "cccd_cmnd", "căn_cước", "căn_cước_công_dân", "chứng_minh_nhân_dân", "chứng_minh_thư", "passport",
	"hộ_chiếu", "số_hộ_chiếu", "id_card", "id_number", "id_no", "identity_card", "national_id", "ngày_cấp", "nơi_cấp", "mst", "mã_số_thuế", "tax_code", "tax_id",
	"bhxh", "số_bhxh", "mã_bhxh", "bảo_hiểm_xã_hội", "số_sổ_bhxh", "bhyt", "trình_độ", "học_vấn", "trình_độ_học_vấn", "chuyên_môn", "bằng_cấp", "education",
	"degree", "trường", "school", "language", "ngôn_ngữ", "locale",

	// Ways to reach them.
	"email", "e_mail", "emails", "email_address", "e_mail_address", "mail", "mail_address", "work_email", "personal_email", "gmail", "email_cá_nhân",
	"email_công_ty", "email_công_việc", "thư_điện_tử", "địa_chỉ_email", "địa_chỉ_thư_điện_tử", "địa_chỉ_mail", "hòm_thư", "địa_chỉ", "địa_chỉ_liên_hệ",
	"địa_chỉ_thường_trú", "địa_chỉ_tạm_trú", "địa_chỉ_hiện_tại", "địa_chỉ_nhà", "thường_trú", "tạm_trú", "hộ_khẩu", "hộ_khẩu_thường_trú", "chỗ_ở",
	"nơi_ở", "nơi_ở_hiện_tại", "address", "home_address", "work_address", "current_address", "permanent_address", "street", "street_address", "city", "district", "ward", "province",
	"state", "country", "region", "zip", "zip_code", "postal_code", "po_box", "thành_phố", "tỉnh", "tỉnh_thành", "tỉnh_thành_phố", "quận", "huyện",
	"quận_huyện", "phường", "xã", "phường_xã", "quốc_gia", "khu_vực", "vùng", "miền", "fax", "fax_number", "số_fax", "home_fax", "business_fax", "work_fax",
	"home_phone", "other_phone", "landline", "pager", "company_main_phone", "điện_thoại_bàn", "đt_bàn", "sđt_bàn", "số_bàn", "điện_thoại_cố_định", "đt_cố_định",
	"sđt_cố_định", "số_cố_định", "điện_thoại_nhà", "điện_thoại_nhà_riêng", "đt_nhà", "sđt_nhà", "đt_nhà_riêng", "hotline", "số_hotline", "zalo", "số_zalo", "zalo_id",
	"id_zalo", "facebook", "skype", "skype_id", "viber", "telegram", "whatsapp", "messenger", "linkedin", "website", "web", "url",

	// Other people.
	"người_liên_hệ", "người_liên_hệ_khẩn_cấp", "sđt_khẩn_cấp", "số_khẩn_cấp", "điện_thoại_khẩn_cấp", "liên_hệ_khẩn_cấp", "sđt_người_thân", "điện_thoại_người_thân",
	"số_điện_thoại_người_thân", "sđt_người_liên_hệ", "tên_người_thân", "tên_người_liên_hệ", "người_thân", "emergency_contact", "emergency_contact_name",
	"emergency_contact_phone", "emergency_phone", "manager", "manager_name", "manager_id", "line_manager", "supervisor", "supervisor_name", "leader",
	"team_leader", "reports_to", "quản_lý", "người_quản_lý", "tên_quản_lý", "quản_lý_trực_tiếp", "cấp_trên", "trưởng_nhóm", "trưởng_phòng", "người_phụ_trách",
	"spouse", "spouse_name", "father_name", "mother_name", "tên_vợ", "tên_chồng", "tên_bố", "tên_cha", "tên_mẹ", "tên_con", "họ_tên_vợ", "họ_tên_chồng",
	"người_giới_thiệu", "khách_hàng", "tên_khách_hàng", "customer", "customer_name", "client", "đối_tác", "vendor", "supplier", "nhà_cung_cấp",

	// Their work.
	"department", "department_name", "dept", "dept_name", "division", "section", "unit", "unit_name", "business_unit", "team", "team_name", "group", "groups",
	"group_name", "group_membership", "labels", "branch", "branch_name", "company", "company_name", "organization", "organization_name", "organisation",
	"office", "office_location", "location", "site", "workplace", "floor", "room", "building", "desk", "seat", "cost_center", "project", "project_name",
	"phòng", "phòng_ban", "tên_phòng", "tên_phòng_ban", "mã_phòng", "mã_phòng_ban", "bộ_phận", "tên_bộ_phận", "mã_bộ_phận", "ban", "khối", "tổ", "tổ_đội", "đội", "nhóm", "tên_nhóm",
	"đơn_vị", "tên_đơn_vị", "mã_đơn_vị", "đơn_vị_công_tác", "cơ_quan", "công_ty", "tên_công_ty", "chi_nhánh", "tên_chi_nhánh", "mã_chi_nhánh", "văn_phòng",
	"trung_tâm", "khoa", "cửa_hàng", "tên_cửa_hàng", "địa_điểm", "địa_điểm_làm_việc", "nơi_làm_việc", "vị_trí", "vị_trí_công_việc", "vị_trí_làm_việc", "tầng", "dự_án",
	"tên_dự_án", "title", "job_title", "job", "job_name", "position", "position_name", "role", "roles", "role_name", "rank", "grade", "level", "occupation",
	"function", "chức_vụ", "chức_danh", "tên_chức_vụ", "tên_chức_danh", "công_việc", "nghề_nghiệp", "vai_trò", "quyền", "phân_quyền", "quyền_hạn", "nhóm_quyền",
	"cấp_bậc", "bậc", "cấp", "ngạch", "hạng", "loại", "loại_nhân_viên", "loại_hợp_đồng", "hợp_đồng", "số_hợp_đồng", "type", "kind", "category", "employee_type",
	"employment_type", "contract", "contract_type", "start_date", "end_date", "hire_date", "join_date", "joining_date", "leave_date", "ngày_vào", "ngày_vào_làm",
	"ngày_vào_công_ty", "ngày_bắt_đầu", "ngày_kết_thúc", "ngày_nghỉ", "ngày_nghỉ_việc", "ngày_thử_việc", "ngày_chính_thức", "ngày_ký", "ngày_ký_hợp_đồng",
	"thâm_niên", "thử_việc", "ca", "ca_làm_việc", "shift", "schedule", "work_schedule", "lương", "lương_cơ_bản", "mức_lương", "salary", "base_salary", "phụ_cấp",
	"allowance", "bonus", "thưởng", "thu_nhập", "income", "bank", "bank_name", "bank_account", "bank_account_number", "ngân_hàng", "tên_ngân_hàng", "số_tài_khoản",
	"tài_khoản_ngân_hàng", "stk", "kpi", "target", "chỉ_tiêu", "skill", "skills", "kỹ_năng",

	// What is written about them.
	"note", "notes", "remark", "remarks", "comment", "comments", "description", "desc", "details", "memo", "reason", "tags", "tag", "label", "ghi_chú", "chú_thích",
	"lưu_ý", "nhận_xét", "mô_tả", "diễn_giải", "nội_dung", "lý_do", "khác", "thông_tin_khác", "others", "other", "misc", "status", "state_of_employment",
	"employment_status", "account_status", "trạng_thái", "tình_trạng", "tình_trạng_làm_việc", "trạng_thái_làm_việc", "active", "enabled", "disabled", "is_active",
	"account_enabled", "hoạt_động", "kích_hoạt", "đã_nghỉ", "date", "time", "ngày", "tháng", "năm", "ngày_tạo", "ngày_cập_nhật", "người_tạo", "created",
	"created_at", "created_on", "created_by", "creation_date", "modified", "modified_at", "modified_by", "updated", "updated_at", "updated_by", "last_login",
	"last_sign_in", "last_updated", "timestamp", "version", "source", "nguồn", "priority", "result", "error", "errors", "số_lượng", "quantity", "amount", "ký_tên",
	"chữ_ký", "signature", "ký_nhận", "xác_nhận", "confirmed", "approved", "duyệt",

	// Telephones and computers.
	"number", "số", "số_máy", "số_agent", "voip", "số_voip", "short_number", "số_tắt", "máy_phụ", "expires", "other_extensions", "device", "device_name", "device_type", "thiết_bị", "tên_thiết_bị", "loại_máy", "model", "mac", "mac_address", "địa_chỉ_mac", "ip",
	"ip_address", "địa_chỉ_ip", "host", "host_name", "domain", "tên_miền", "tên_máy", "tên_máy_tính", "máy_tính", "computer_name", "server", "port", "pin",
	"pin_code", "mã_pin", "voicemail", "voicemail_pin", "voicemail_password", "voicemail_email", "sip_username", "sip_password", "sip_server", "sip_id", "auth_id",
	"auth_password", "auth_username", "mật_khẩu_sip", "mật_khẩu_máy_nhánh", "extension_password", "ext_password", "mật_khẩu_wifi", "mật_khẩu_email", "mật_khẩu_mail",
	"email_password", "web_password", "wifi_password", "did", "did_number", "caller_id", "outbound_caller_id", "caller_id_name", "caller_id_number", "hiển_thị_số", "queue", "queues", "hàng_đợi",
	"ring_group", "recording", "ghi_âm", "call_forward", "trunk", "nhà_mạng", "carrier", "provider", "sim", "số_sim", "esim", "gói_cước", "package", "plan",
	"license", "licenses", "giấy_phép", "usage_location", "block_sign_in", "proxy_addresses", "mã_otp", "otp", "two_factor", "mfa", "force_password_change",
	"old_password", "mật_khẩu_cũ", "confirm_password", "password_confirmation", "retype_password", "repeat_password", "nhập_lại_mật_khẩu", "xác_nhận_mật_khẩu",
	"gõ_lại_mật_khẩu", "password_expires", "password_expiry", "password_hint", "gợi_ý_mật_khẩu", "password_changed", "ngày_đổi_mật_khẩu", "change_password",
	"extension_name", "extension_type", "extension_status", "tên_máy_nhánh", "loại_máy_nhánh", "trạng_thái_máy_nhánh", "phone_type", "phone_label", "phone_model",

	// This tool's own files, but for what is above.
	"attempts", "error_code", "fix", "problem", "value", "column", "account_id",
}

// firstWords are the words of the first vocabulary. A column with one of them is taken before those with other words: what was read
// of a file yesterday is read of it today.
var firstWords = compact([]string{
	"user_name",
	"phone", "phone_number", "phone_no", "mobile", "mobile_phone", "mobile_number", "mobile_no", "telephone", "tel", "cell_phone", "điện_thoại", "số_điện_thoại",
	"sđt", "số_đt", "đt", "di_động", "số_di_động", "điện_thoại_di_động",
	"password", "pass", "passwd", "pwd", "mật_khẩu", "mk",
	"extension_id", "ext_id", "id_extension", "id_ext", "mã_máy_nhánh", "id_máy_nhánh", "mã_extension", "mã_số_máy_nhánh",
	"extension_number", "extension_no", "extension", "ext", "ext_no", "ext_number", "số_máy_nhánh", "máy_nhánh", "số_nội_bộ", "số_extension", "số_máy_lẻ", "máy_lẻ",
})

// isFirstWord reports whether a title is one of the first vocabulary, but for what is in parentheses behind it.
func isFirstWord(cell string) bool {
	if before, _, ok := strings.Cut(cell, "("); ok && strings.TrimSpace(before) != "" {
		cell = before
	}
	return slices.Contains(firstWords, normalize(cell))
}

// qualifiers are what may stand before or behind a word of the vocabulary and leave it what it is.
var qualifiers = map[meaning][]string{
	wholeName:   peopleWords,
	plainName:   peopleWords,
	displayName: peopleWords,
	familyName:  peopleWords,
	givenName:   peopleWords,
	middleName:  peopleWords,
	phoneNumber: {
		"cá_nhân", "riêng", "liên_hệ", "liên_lạc", "zalo", "di_động", "mobile", "chính", "công_việc", "công_ty", "cơ_quan", "việt_nam", "vn", "viettel", "được_cấp", "công_ty_cấp",
		"work", "business", "personal", "private", "company", "main", "primary", "cell", "number", "no", "num", "nhân_viên", "của_nhân_viên", "nv", "cbnv",
		"nhân_sự", "cán_bộ", "người_lao_động", "employee", "staff", "user", "agent", "đăng_ký", "nhận_otp", "đang_sử_dụng", "hiện_tại", "mới",
	},
	plainPassword: passwordWords,
	passwordHash:  passwordWords,
	extensionNumber: {
		"tổng_đài", "etelecom", "trên_etelecom", "ip", "voip", "nhân_viên", "nv", "cá_nhân", "pbx", "gọi_ra", "được_cấp", "cấp", "được_gán", "gán", "user", "agent", "employee", "mới",
	},
	extensionID: {"tổng_đài", "etelecom", "trên_etelecom", "số", "pbx"},
	lineNumber:  {"tổng_đài", "etelecom"},
}

// peopleWords are qualifiers of names.
var peopleWords = []string{
	"nhân_viên", "của_nhân_viên", "nv", "cbnv", "cán_bộ", "cán_bộ_nhân_viên", "nhân_sự", "người_lao_động", "nlđ", "đầy_đủ", "tiếng_việt", "có_dấu", "vn", "thật",
	"tổng_đài_viên", "employee", "staff", "agent", "member", "person", "contact", "personal", "vietnamese", "in_vietnamese", "official", "real", "local",
	"giáo_viên", "gv", "giảng_viên", "bác_sĩ", "bác_sỹ", "bs", "điều_dưỡng", "cộng_tác_viên", "ctv", "người_dùng", "người_sử_dụng", "user", "người_đăng_ký", "học_viên", "tài_xế", "lái_xe",
}

// passwordWords are qualifiers of passwords.
var passwordWords = []string{
	"mới", "ban_đầu", "lần_đầu", "mặc_định", "đăng_nhập", "khởi_tạo", "tạm", "tạm_thời", "được_cấp", "cấp", "của_nhân_viên", "nhân_viên", "nv", "cá_nhân", "người_dùng",
	"tài_khoản", "tài_khoản_đăng_nhập", "app", "ứng_dụng", "etelecom", "tổng_đài", "user", "login", "account", "initial", "default", "new", "temporary", "temp", "first",
	"mong_muốn", "muốn_đặt", "muốn_dùng", "đề_xuất", "plain", "plaintext", "plain_text", "clear", "cleartext", "clear_text", "employee", "staff", "agent", "starting", "start", "first_time", "portal", "web_portal",
}

// hashWords say in the title of a password's column that it has hashes.
var hashWords = []string{"hash", "digest", "encrypt", "crypt", "argon", "pbkdf", "md5", "sha1", "sha2", "sha5", "ssha", "mahoa", "mabam", "dabam"}

// saysHash reports whether the title of a password's column says that it has hashes.
func saysHash(cell string) bool {
	key := normalize(cell)
	return slices.ContainsFunc(hashWords, func(w string) bool { return strings.Contains(key, w) })
}

// fillers are words around a title that say nothing about its meaning.
var fillers = compact([]string{
	"required", "mandatory", "optional", "bắt_buộc", "không_bắt_buộc", "tùy_chọn", "value", "nhập", "vui_lòng_nhập", "điền", "please_enter", "enter", "cột", "của_anh_chị", "của_bạn", "của_anh", "của_chị", "của_em", "của_mình", "anh_chị", "của_người_dùng",
})

// remarkStarts begin a remark about what to enter: "Mật khẩu tối thiểu 8 ký tự", "SĐT VD 0901234567".
var remarkStarts = [][]string{
	{"vd"},
	{"vi", "du"},
	{"eg"},
	{"e", "g"},
	{"ex"},
	{"example"},
	{"such", "as"},
	{"like"},
	{"nhu"},
	{"toi", "thieu"},
	{"it", "nhat"},
	{"toi", "da"},
	{"at", "least"},
	{"at", "most"},
	{"min"},
	{"max"},
	{"minimum"},
	{"maximum"},
	{"gom"},
	{"dang"},
	{"dinh", "dang"},
	{"format"},
	{"theo"},
	{"neu"},
	{"if"},
	{"phai"},
	{"must"},
	{"luu", "y"},
	{"as", "in"},
	{"bat", "buoc"},
	{"khong", "bat", "buoc"},
	{"required"},
}

// othersWords are words of a remark, or beside a word of the vocabulary, after which the column is about somebody or something else:
// "SĐT (người thân)", "Tên (không dấu)".
var othersWords = [][]string{
	{"vo"},
	{"chong"},
	{"bo"},
	{"me"},
	{"cha"},
	{"con"},
	{"nguoi", "than"},
	{"gia", "dinh"},
	{"phu", "huynh"},
	{"khan", "cap"},
	{"quan", "ly"},
	{"cap", "tren"},
	{"sep"},
	{"truong", "phong"},
	{"truong", "nhom"},
	{"giam", "sat"},
	{"khach"},
	{"khach", "hang"},
	{"doi", "tac"},
	{"nguoi", "lien", "he"},
	{"nguoi", "gioi", "thieu"},
	{"emergency"},
	{"spouse"},
	{"wife"},
	{"husband"},
	{"father"},
	{"mother"},
	{"parent"},
	{"parents"},
	{"child"},
	{"manager"},
	{"supervisor"},
	{"customer"},
	{"client"},
	{"relative"},
	{"next", "of", "kin"},
	{"khong", "dau"},
	{"without", "accents"},
	{"unaccented"},
	{"viet", "tat"},
	{"cu"},
	{"old"},
	{"previous"},
	{"co", "dinh"},
	{"ban"},
	{"nha"},
	{"nha", "rieng"},
	{"home"},
	{"landline"},
	{"fax"},
	{"wifi"},
	{"may", "tinh"},
	{"nguoi", "nhan"},
	{"tham", "chieu"},
	{"reference"},
}

// titleWord is a word of the vocabulary.
type titleWord struct {
	meaning meaning
	text    string // as it is written here
}

// shown returns a text that is the word as it may be shown: as the file has it if it is nothing but the letters of the word, and of
// one word that may be around it, and else as the vocabulary has it. More of them, digits and signs may make a password of it.
func (w titleWord) shown(text string) string {
	text = spaced(strings.TrimFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }))
	key, own := normalize(text), normalize(w.text)
	rest := cutWord(key, own)
	isPlain := key == own || slices.Contains(around[w.meaning], rest) || slices.Contains(fillers, rest)
	if isPlain && isWords(text) {
		return text
	}
	return w.text
}

// maxTitle is the longest title that is shown as the file has it, in bytes.
const maxTitle = 80

// isWords reports whether a text is nothing but letters and spaces, or single underscores between letters.
func isWords(text string) bool {
	isOther := func(r rune) bool {
		isLetter := unicode.IsLetter(r) || unicode.IsMark(r)
		return !isLetter && r != ' ' && r != '_'
	}
	for part := range strings.SplitSeq(text, "_") {
		if part != strings.TrimSpace(part) || part == "" {
			return false
		}
	}
	return len(text) <= maxTitle && !strings.ContainsFunc(text, isOther)
}

// words has the vocabulary by its letters.
var words = func() map[string]titleWord {
	all := map[string]titleWord{}
	for _, m := range slices.Sorted(maps.Keys(vocabulary)) {
		for _, text := range vocabulary[m] {
			if _, twice := all[normalize(text)]; !twice { // a word of the fields is none of the others
				all[normalize(text)] = titleWord{m, display(text)}
			}
		}
	}
	return all
}()

// display returns a word of the vocabulary as it is shown. The names of our own columns have underscores.
func display(text string) string {
	if text == fieldID || text == fieldExtension {
		return text
	}
	return strings.ReplaceAll(text, "_", " ")
}

// around has the qualifiers by their letters.
var around = func() map[meaning][]string {
	all := map[meaning][]string{}
	for m, list := range qualifiers {
		all[m] = compact(list)
	}
	return all
}()

// compact returns the letters of each text.
func compact(texts []string) []string {
	all := make([]string, len(texts))
	for i, text := range texts {
		all[i] = normalize(text)
	}
	return all
}
