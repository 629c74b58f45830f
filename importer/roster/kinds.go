package roster

import (
	"strconv"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/reason"
)

// kind is a kind of problem. A new one needs a name here and an entry in kinds.
type kind uint8

const (
	wrongCells kind = iota + 1
	wrongColumns
	noName
	noPhone
	noExtension
	damagedName
	controlInName
	misreadName
	htmlName
	percentName
	escapedName
	mailName
	directionName
	tcvn3Name
	vniName
	vpsName
	visciiName
	windows1258Name
	viqrName
	underscoreName
	splitName
	loginName
	codeName
	restOfName
	badPhone // phone.Error says more
	brokenID
	scientificID
	decimalID
	notDigitsID
	zeroID
	largeID
	brokenNumber
	scientificNumber
	decimalNumber
	notDigitsNumber
	longNumber
	longPassword
	controlInPassword
	damagedPassword
	sheetRounded
	sheetFormatted
	sheetDate
	sheetBoolean
	sheetUncalculated
	roundedColumn // of the whole file
	roundedID
	samePhone
	sameID
	sameNumber
	absent // the cell is empty, which is not a problem by itself
)

// kindEntry is all that there is to say about a kind of problem.
type kindEntry struct {
	code        string       // [reason.MalformedRow] and so on
	column      string       // the field, such as "phone"; "" if the problem is not one field's
	name        message.Text // for a group of problems
	problem     message.Text // what is wrong
	hint        message.Text // what to do
	namesColumn bool         // the problem says which column it is about: the column is not put before it
	ofFile      bool         // the problem is the whole file's
	content     bool         // the problem is what a name or a password says, and does not count for a row that is done: see Judge

	// detail puts in what depends on the row. Nil means that nothing does.
	detail func(p *Problem, w *Words)
}

// Texts that several kinds have.
const (
	asText         message.Text = "format the column as text and enter it again"
	lineBreak      message.Text = "there is a line break in the cell"
	scientific     message.Text = "a spreadsheet turned this number into scientific notation"
	decimal        message.Text = "a spreadsheet or a program turned it into a decimal number"
	lettersLost    message.Text = "letters were lost when the file was converted"
	enterIt        message.Text = "enter it"
	enterAgain     message.Text = "enter it again"
	enterNameAgain message.Text = "enter the name again"
	saveUTF8       message.Text = "open the original file, and save it again as CSV UTF-8"
	convertUniKey  message.Text = "convert the file to Unicode, for example with UniKey"
	oneOfTheRows   message.Text = "keep one of the rows"
	oneLine        message.Text = "keep it on one line"
	digitsAlone    message.Text = "it is not digits alone"
	copyID         message.Text = "copy the id from the list of extensions"
	severalRows    message.Text = "extension in several rows"
	rounded        message.Text = "extension ids rounded by a spreadsheet"
)

// kinds has the entry of each kind.
var kinds = [...]kindEntry{
	wrongCells: {
		code: reason.MalformedRow, name: "wrong number of cells", detail: countCells,
		hint: "put cells that hold the delimiter in quotes, and fill the row up to the header's columns",
	},
	wrongColumns: {
		code: reason.MalformedRow, name: "cells in the wrong columns",
		problem: "cells are in the wrong columns: the phone or the extension is where the name or the password belongs",
		hint:    "move them back",
	},

	noName: {
		code: reason.MissingValue, column: fieldName, name: "name is missing",
		problem: "name is missing", namesColumn: true, hint: enterIt,
	},
	noPhone: {
		code: reason.MissingValue, column: fieldPhone, name: "phone is missing",
		problem: "phone is missing", namesColumn: true, hint: enterIt,
	},
	noExtension: {
		code: reason.MissingValue, column: fieldID, name: "extension is missing",
		problem: "extension_id is missing", namesColumn: true, hint: enterIt, detail: nameExtensionColumns,
	},

	damagedName: {
		code: reason.MalformedRow, column: fieldName, content: true, name: "damaged name",
		problem: lettersLost, hint: enterNameAgain, detail: showMended,
	},
	controlInName: {
		code: reason.MalformedRow, column: fieldName, content: true, name: "name with control characters",
		problem: "it has control characters", hint: enterNameAgain, detail: showMended,
	},
	misreadName: {
		code: reason.MalformedRow, column: fieldName, content: true, name: "name read in the wrong encoding",
		problem: "a program read UTF-8 in another encoding and saved that", hint: saveUTF8, detail: showMended,
	},
	htmlName: {
		code: reason.MalformedRow, column: fieldName, content: true, name: "name with HTML",
		problem: "it has HTML codes for letters", hint: enterNameAgain, detail: showMended,
	},
	percentName: {
		code: reason.MalformedRow, column: fieldName, content: true, name: "name with percent codes",
		problem: "it has the codes of a web address for letters", hint: enterNameAgain, detail: showMended,
	},
	escapedName: {
		code: reason.MalformedRow, column: fieldName, content: true, name: "name with escape codes",
		problem: "it has a program's codes for letters", hint: enterNameAgain, detail: showMended,
	},
	mailName: {
		code: reason.MalformedRow, column: fieldName, content: true, name: "name with mail codes",
		problem: "it has the codes of a mail for letters", hint: enterNameAgain, detail: showMended,
	},
	directionName: {
		code: reason.MalformedRow, column: fieldName, content: true, name: "name with direction marks",
		problem: "it has invisible marks that change the direction of the text", hint: enterNameAgain, detail: showMended,
	},
	tcvn3Name: {
		code: reason.MalformedRow, column: fieldName, content: true, name: "name in TCVN3",
		problem: "it looks like TCVN3 (ABC) text", hint: convertUniKey, detail: showMended,
	},
	vniName: {
		code: reason.MalformedRow, column: fieldName, content: true, name: "name in VNI",
		problem: "it looks like VNI text", hint: convertUniKey, detail: showMended,
	},
	vpsName: {
		code: reason.MalformedRow, column: fieldName, content: true, name: "name in VPS",
		problem: "it looks like VPS text", hint: convertUniKey, detail: showMended,
	},
	visciiName: {
		code: reason.MalformedRow, column: fieldName, content: true, name: "name in VISCII",
		problem: "it looks like VISCII text", hint: convertUniKey, detail: showMended,
	},
	windows1258Name: {
		code: reason.MalformedRow, column: fieldName, content: true, name: "name in windows-1258",
		problem: "it looks like windows-1258 text that was read in another encoding", hint: saveUTF8, detail: showMended,
	},
	viqrName: {
		code: reason.MalformedRow, column: fieldName, content: true, name: "name in VIQR",
		problem: "it looks like VIQR text, with signs for accents", hint: convertUniKey, detail: showMended,
	},
	underscoreName: {
		code: reason.MalformedRow, column: fieldName, content: true, name: "name with _ for a letter",
		problem: "the _ in it may be in the place of a letter", hint: enterNameAgain, detail: showMended,
	},

	splitName: {
		code: reason.MalformedRow, content: true, name: "name in two columns",
		problem: "there is no column with the whole name, only its parts and a login", hint: "join the parts into one column, or run again with --join-names",
	},
	loginName: {
		code: reason.MalformedRow, content: true, name: "login in place of a name",
		problem: "there is no name, only a login", hint: "add a column with the names; if these are the names, call the column name",
	},
	codeName: {
		code: reason.MalformedRow, content: true, name: "code in place of a name",
		problem: "there is no name, only a code or a login", hint: "add a column with the names; if these are the names, call the column name",
	},
	restOfName: {
		code: reason.MalformedRow, content: true, name: "name in a column without a title",
		problem: "the column behind the name has no title, and it seems to have the rest of the name",
		hint:    "to put the name together, run again with --join-names; if it is something else, give the column a title",
	},

	badPhone: {
		code: reason.BadPhone, column: fieldPhone, detail: explainPhone, // and the name is the phone.Kind's: see kindName
	},

	brokenID: {
		code: reason.BadExtension, column: fieldID, name: "extension id with a line break",
		problem: lineBreak, hint: oneLine,
	},
	scientificID: {
		code: reason.BadExtension, column: fieldID, name: "extension id in scientific notation",
		problem: scientific, hint: asText, detail: showScientific,
	},
	decimalID: {
		code: reason.BadExtension, column: fieldID, name: "extension id as a decimal number",
		problem: decimal, hint: asText,
	},
	notDigitsID: {
		code: reason.BadExtension, column: fieldID, name: "extension id is not digits",
		problem: digitsAlone, hint: copyID,
	},
	zeroID: {
		code: reason.BadExtension, column: fieldID, name: "extension id begins with 0",
		problem: "no id begins with 0", hint: "copy the id from the list of extensions, or name the column extension_number",
	},
	largeID: {
		code: reason.BadExtension, column: fieldID, name: "extension id too large",
		problem: "it is larger than any id", hint: copyID,
	},

	brokenNumber: {
		code: reason.BadExtension, column: fieldExtension, name: "extension number with a line break",
		problem: lineBreak, hint: oneLine,
	},
	scientificNumber: {
		code: reason.BadExtension, column: fieldExtension, name: "extension number in scientific notation",
		problem: scientific, hint: asText, detail: showScientific,
	},
	decimalNumber: {
		code: reason.BadExtension, column: fieldExtension, name: "extension number as a decimal number",
		problem: decimal, hint: asText,
	},
	notDigitsNumber: {
		code: reason.BadExtension, column: fieldExtension, name: "extension number is not digits",
		problem: digitsAlone, hint: "enter the number that is dialled, such as 101",
	},
	longNumber: {
		code: reason.BadExtension, column: fieldExtension, name: "extension number too long",
		problem: "it is too long for a number that is dialled", hint: "if it is an id, name the column extension_id",
	},

	longPassword: {
		code: reason.MalformedRow, column: fieldPassword, content: true, name: "password too long",
		hint: "choose one of at most 128 bytes", detail: countBytes,
	},
	controlInPassword: {
		code: reason.MalformedRow, column: fieldPassword, content: true, name: "password with control characters",
		problem: "it has control characters, such as a tab or a line break", hint: enterAgain,
	},
	damagedPassword: {
		code: reason.MalformedRow, column: fieldPassword, content: true, name: "damaged password",
		problem: lettersLost, hint: enterAgain,
	},

	sheetRounded: {
		code: reason.MalformedRow, name: "number rounded by the spreadsheet", detail: showSheetField,
		problem: "the spreadsheet keeps 15 digits of a number, and has lost the others", hint: asText,
	},
	sheetFormatted: {
		code: reason.MalformedRow, name: "number shown in another way", detail: showSheetField,
		problem: "the spreadsheet shows another text than the number that it keeps", hint: asText,
	},
	sheetDate: {
		code: reason.MalformedRow, name: "date in the wrong place", detail: showSheetField,
		problem: "the spreadsheet made a date of what was typed", hint: asText,
	},
	sheetBoolean: {
		code: reason.MalformedRow, name: "TRUE or FALSE in the wrong place", detail: showSheetField,
		problem: "the spreadsheet made TRUE or FALSE of what was typed", hint: asText,
	},
	sheetUncalculated: {
		code: reason.MalformedRow, name: "formula without a value", detail: showSheetField,
		problem: "it is a formula that no spreadsheet has calculated", hint: "open the workbook in Excel, save it, and run again",
	},
	roundedColumn: {
		code: reason.BadExtension, column: fieldID, name: rounded, ofFile: true, detail: countRounded,
		hint: "export the ids again. Do not open the CSV with a double click: import it (Excel: Data, From Text/CSV) with this column as Text",
	},
	roundedID: {
		code: reason.BadExtension, column: fieldID, name: rounded,
		problem: "a spreadsheet rounded this id", hint: "export the ids again as text", detail: showRounded,
	},

	samePhone: {
		code: reason.DuplicatePhone, column: fieldPhone, name: "phone in several rows", hint: oneOfTheRows,
		detail: func(p *Problem, w *Words) { w.Value, w.Problem = p.row().Phone.String(), p.others() },
	},
	sameID: {
		code: reason.DuplicateExtension, column: fieldID, name: severalRows, hint: oneOfTheRows,
		detail: func(p *Problem, w *Words) {
			w.Value, w.Problem = Masked(strconv.FormatInt(p.row().ExtensionID, 10)), p.others()
		},
	},
	sameNumber: {
		code: reason.DuplicateExtension, column: fieldExtension, name: severalRows, hint: oneOfTheRows,
		detail: func(p *Problem, w *Words) { w.Value, w.Problem = Masked(p.row().ExtensionNumber), p.others() },
	},
}

// kindName returns the name of a finding's kind.
func kindName(f *finding) string {
	if f.kind == badPhone {
		return unpack(f.arg).Kind.String()
	}
	return kinds[f.kind].name.String()
}

// countCells is the detail of wrongCells. The argument is how many cells the row has.
func countCells(p *Problem, w *Words) {
	n := int(p.finding.arg)
	w.Problem = message.Sprintf("the row has %s, the header has %d", message.Count(n, "cell", "cells"), len(p.roster.Dialect.Columns))
}

// nameExtensionColumns is the detail of noExtension: what is missing depends on the columns of the file.
func nameExtensionColumns(p *Problem, w *Words) {
	d := &p.roster.Dialect
	switch {
	case !d.has(fieldExtension):
	case !d.has(fieldID):
		w.Column, w.Problem = fieldExtension, message.T("extension_number is missing")
	default:
		w.Problem, w.Hint = message.T("extension_id and extension_number are both missing"), message.T("enter one of them")
	}
}

// explainPhone is the detail of badPhone. The argument is a packed phone.Error.
func explainPhone(p *Problem, w *Words) {
	e := unpack(p.finding.arg)
	w.Problem, w.Hint = e.Error(), e.Hint()
	if e.Kind == phone.Scientific {
		showScientific(p, w)
	}
}

// showScientific puts in what a spreadsheet has left of a number, if it may be shown.
func showScientific(p *Problem, w *Words) {
	if !p.finding.described {
		w.Problem = message.Sprintf("a spreadsheet turned this number into %s", p.finding.value)
	}
}

// countBytes is the detail of longPassword. The argument is how many bytes the password has.
func countBytes(p *Problem, w *Words) {
	w.Problem = message.Sprintf("it has %d bytes", p.finding.arg)
}

// countRounded is the detail of roundedColumn. The argument is how many ids were rounded.
func countRounded(p *Problem, w *Words) {
	w.Problem = message.Sprintf("a spreadsheet rounded this column: %d ids end in zeros after the 15th digit, and their last digits are lost", p.finding.arg)
}

// showRounded is the detail of roundedID. The argument is the id, which is not in the row any more.
func showRounded(p *Problem, w *Words) {
	w.Value = strconv.FormatUint(p.finding.arg, 10)
}
