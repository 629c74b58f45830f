package spreadsheet

import (
	"slices"
	"strings"
	"unicode"
)

// TooNarrow is what [Failure] returns for a cell of # alone.
const TooNarrow = "####"

// Failure returns what a spreadsheet, or a program of its kind, has written in place of a value: #N/A or #REF! where a formula has
// none, #### where the column is too narrow. It is "" for every other cell. What it returns comes from a table, not from the cell.
func Failure(cell string) string {
	text := strings.TrimFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || IsInvisible(r) })
	if len(text) < 3 || len(text) > 40 {
		return ""
	}
	if text[0] != '#' {
		return failedWithoutMark(text)
	}
	if strings.Trim(text, "#") == "" {
		return TooNarrow
	}
	return failures[strings.ToUpper(text)]
}

// failedWithoutMark is Failure for a text that does not begin with #.
func failedWithoutMark(text string) string {
	if strings.HasSuffix(text, "...") || strings.HasSuffix(text, "…") {
		if slices.Contains(loading, strings.ReplaceAll(strings.ToUpper(strings.TrimRight(text, ".…")), " ", "_")) {
			return "Loading..."
		}
		return ""
	}
	// Err:502 in LibreOffice, whose word for it is translated.
	word, code, _ := strings.Cut(text, ":")
	isCode := len(code) == 3 && code[0] == '5' && IsDigits(code)
	if !isCode || !slices.Contains(errWords, strings.ToUpper(strings.TrimSpace(word))) {
		return ""
	}
	return "Err:" + code
}

// errWords are what LibreOffice puts before the number of an error, in capitals.
var errWords = []string{"ERR", "ERROR", "FEHLER", "ERREUR", "ERRO", "ERRORE", "LỖI", "BŁĄD", "FOUT", "ОШИБКА", "CHYBA", "FEL", "FEJL", "VIRHE", "HATA", "HIBA"}

// loading is what online sheets show, with three points, for a cell that is not computed yet, in capitals. An underscore is a space
// here.
var loading = []string{"LOADING", "ĐANG_TẢI"}

// failures are the values themselves, in capitals. Those of the first line are in ISO/IEC 29500-1 (error values), in OpenFormula
// (constant errors), in newer Excel, in online sheets and in Access. The others are their translations in Excel.
var failures = func() map[string]string {
	all := map[string]string{}
	for _, values := range []string{
		"#NULL! #DIV/0! #VALUE! #REF! #NAME? #NUM! #N/A #N/A! #GETTING_DATA #SPILL! #CALC! #FIELD! #BLOCKED! #CONNECT! #UNKNOWN! #BUSY! #EXTERNAL! " +
			"#PYTHON! #TIMEOUT! #DATA! #ERROR! #ERROR #ERR! #DELETED #CIRCULAR! #CYCLE!",
		"#WERT! #BEZUG! #ZAHL! #NV #ÜBERLAUF! #KALK! #FELD! #BLOCKIERT! #VERBINDEN! #UNBEKANNT! #DATEN_ABRUFEN #FEHLER!",
		"#NUL! #VALEUR! #NOM? #NOMBRE! #PROPAGATION! #EPARS! #ÉPARS! #CHAMP! #BLOQUE! #BLOQUÉ! #CONNEXION! #INCONNU! #OBTENTION_DONNEES #CHARGEMENT_DONNEES",
		"#¡NULO! #¡DIV/0! #¡VALOR! #¡REF! #¿NOMBRE? #NOMBRE? #¡NUM! #¡DESBORDAMIENTO! #DESBORDAMIENTO! #¡CALC! #¡CAMPO! #¡BLOQUEADO! #¡CONECTAR! " +
			"#¡DESCONOCIDO! #OBTENIENDO_DATOS",
		"#NULO! #VALOR! #NOME? #NÚM! #N/D #DESPEJAR! #CAMPO! #BLOQUEADO! #CONECTAR! #DESCONHECIDO! #OBTENDO_DADOS",
		"#NULLO! #VALORE! #RIF! #ESPANSIONE! #BLOCCATO! #CONNESSIONE! #SCONOSCIUTO!",
		"#LEEG! #DEEL/0! #WAARDE! #VERW! #NAAM? #GETAL! #N/B #OVERLOOP! #BEREKENEN!",
		"#ZERO! #DZIEL/0! #ARG! #ADR! #NAZWA? #LICZBA! #N/D! #ROZLANIE! #BŁĄD!",
		"#ПУСТО! #ДЕЛ/0! #ЗНАЧ! #ССЫЛКА! #ИМЯ? #ЧИСЛО! #Н/Д #ПОЛУЧЕНИЕ_ДАННЫХ #ПЕРЕНОС! #ВЫЧИСЛ! #ПОЛЕ! #ДАННЫЕ! #НЕИЗВЕСТНО! #ЗАБЛОКИРОВАНО! #ПОДКЛЮЧЕНИЕ! " +
			"#ЗАНЯТО! #ОШИБКА!",
		"#TRÀN! #TÍNH! #GIÁTRỊ! #GIÁ_TRỊ! #THAMCHIẾU! #THAM_CHIẾU! #TÊN? #SỐ! #CHIA/0! #KHÔNG_CÓ #RỖNG! #LỖI!",
		"#SKÄRNING! #DIVISION/0! #VÄRDEFEL! #REFERENS! #NAMN? #OGILTIGT! #SAKNAS! #VÆRDI! #REFERENCE! #NAVN? #I/T #VERDI!",
		"#TYHJÄ! #JAKO/0! #ARVO! #VIITTAUS! #NIMI? #LUKU! #PUUTTUU! #PUUTTUU",
		"#BOŞ! #SAYI/0! #DEĞER! #BAŞV! #AD? #SAYI! #YOK #TAŞMA!",
		"#DĚLENÍ_NULOU! #HODNOTA! #ODKAZ! #NÁZEV? #ČÍSLO! #NENÍ_K_DISPOZICI #PŘESAH! #DELENIENULOU! #NÁZOV? #NEDOSTUPNÝ",
		"#NULLA! #ZÉRÓOSZTÓ! #ÉRTÉK! #HIV! #NÉV? #SZÁM! #HIÁNYZIK #VALOARE! #NUME?",
		"#VRIJEDNOST! #DIJ/0! #NAZIV? #BROJ! #VREDN! #DEL/0! #IME? #ŠTEV! #N/V #SKLIC! #ΤΙΜΗ! #ΔΙΑΙΡ./0! #ΟΝΟΜΑ? #ΑΡΙΘ! #Δ/Υ #ΑΝΑΦ!",
	} {
		for _, value := range strings.Fields(values) {
			all[value] = value
		}
	}
	return all
}()
