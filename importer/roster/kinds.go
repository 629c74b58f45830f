package roster

import (
	"strconv"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/csvtext"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/spreadsheet"
)

// kind is a kind of problem. A new one needs a name here and an entry in kinds.
type kind uint8

const (
	wrongCells kind = iota + 1
	twoRows
	dividedRow
	rowInCell
	wrongColumns
	exampleRow
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
	loginAsName
	formulaName
	apartName
	typedName
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
	sheetCovered
	programPhone // what a program wrote in place of a value
	programID
	programNumber
	programName
	programPassword
	noValuePhone
	noValueName
	noValueWord // a person may be called so
	programInName
	wordInName // a person may be called so
	namelessName
	rowInName
	numberInName
	phoneInName
	phoneAsName
	passwordInName
	secretInName
	countedName
	rowInPassword
	commentedName
	exampleName
	quotedName
	unclearName
	unclearPassword
	escapedPassword
	quotedPassword
	delimitedPassword
	scientificPassword
	decimalPassword
	datePassword
	groupsPassword
	groupedPassword
	dittoPassword
	truthPassword
	hashedPassword
	swappedName
	swappedExtension
	swappedPhone
	swappedNames      // of the whole file
	swappedExtensions // of the whole file
	swappedPINs       // of the whole file
	swappedPhones     // of the whole file
	formulaDigits     // which all phones and extensions have
	apostropheDigits
	unwrappedName // from here on, nothing is wrong: it is only told
	unwrappedPassword
	unescapedName
	apostropheName
	lineBreakInName
	cleanedName
	ethInName
	numberAsName
	addressInName
	leftName
	noValuePassword
	equalsInPassword
	spacesInPassword
	invisibleInPassword
	entityInPassword
	bareHashPassword
	dayPassword
	addressPassword
	misreadPassword
	wordPassword
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

	// allowed says that --allow-names accepts such a name. Those of ruined names are accepted anyway.
	allowed bool
	// note is told in place of the problem if that does not count. An entry without a code is only told.
	note message.Text
	// noteOf is note where that depends on the finding.
	noteOf func(f *finding) message.Text
	// counts says whether the problem counts, with a look at all rows. Nil means that it does.
	counts func(c *counts) bool

	// detail puts in what depends on the row. Nil means that nothing does.
	detail func(p *Problem, w *Words)
}

// Texts that several kinds have.
const (
	asText         message.Text = "format the column as text and enter it again"
	lineBreak      message.Text = "there is a line break in the cell"
	scientific     message.Text = "a spreadsheet turned this number into scientific notation"
	decimal        message.Text = "a spreadsheet or a program turned it into a decimal number"
	inGroups       message.Text = "a spreadsheet divided it into groups of digits"
	mayBeInGroups  message.Text = "it is a number in groups: make sure that a spreadsheet did not make it of digits"
	lettersLost    message.Text = "letters were lost when the file was converted"
	enterIt        message.Text = "enter it"
	enterAgain     message.Text = "enter it again"
	enterExtension message.Text = "enter it, or use --free-extensions"
	enterNameAgain message.Text = "enter the name again"
	saveUTF8       message.Text = "open the original file, and save it again as CSV UTF-8"
	convertUniKey  message.Text = "convert the file to Unicode, for example with UniKey"
	programWrote   message.Text = "a program wrote this in place of a value"
	enterValue     message.Text = "enter the value itself"
	inPlaceOf      message.Text = "this says that there is no value"
	textAgain      message.Text = "enter it again, in a column that is formatted as text"
	removeQuotes   message.Text = "remove the quotes"
	aroundOthers   message.Text = "another cell of the row begins with a quote or an apostrophe, and the password does, too"
	exchange       message.Text = "exchange the two cells, or the titles of the two columns"
	exchangePIN    message.Text = "exchange the two cells, or the titles of the two columns. If they are right, choose passwords of at least 6 characters"
	oneOfTheRows   message.Text = "keep one of the rows"
	oneLine        message.Text = "keep it on one line"
	digitsAlone    message.Text = "it is not digits alone"
	copyID         message.Text = "copy the id from the list of extensions"
	severalRows    message.Text = "extension in several rows"
	rounded        message.Text = "extension ids rounded by a spreadsheet"

	removeFromPassword message.Text = "remove it from the password if it is not part of it, and else from the other cells"
)

// kinds has the entry of each kind.
var kinds = [...]kindEntry{
	wrongCells: {
		code: reason.MalformedRow, name: "wrong number of cells", detail: countCells,
		hint: "put cells that hold the delimiter in quotes, and fill the row up to the header's columns",
	},
	twoRows: {
		code: reason.MalformedRow, name: "two rows on one line",
		problem: "two rows are on this line", hint: "put each row on a line of its own",
	},
	dividedRow: {
		code: reason.MalformedRow, name: "row with another delimiter", detail: nameDelimiters,
		hint: "divide this row as the others",
	},
	rowInCell: {
		code: reason.MalformedRow, name: "a whole row in one cell",
		problem: "a cell has a phone and delimiters in it: another row is in this cell", hint: "put each row on a line of its own",
	},
	wrongColumns: {
		code: reason.MalformedRow, name: "cells in the wrong columns",
		problem: "cells are in the wrong columns: the phone or the extension is where the name or the password belongs",
		hint:    "move them back",
	},

	exampleRow: {
		code: reason.MalformedRow, name: "example of the template",
		problem: "this is the example row of the template, and not a person", hint: "delete the row",
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
		problem: "extension_id is missing", namesColumn: true, hint: enterExtension, detail: nameExtensionColumns,
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
	apartName: {
		code: reason.MalformedRow, column: fieldName, content: true, name: "name with accents in the wrong place",
		problem: "accents are not on the letters that they belong to", hint: enterNameAgain, detail: showMended,
	},
	typedName: {
		code: reason.MalformedRow, column: fieldName, content: true, name: "name typed in Telex or VNI",
		problem: "it looks like the keys of Telex or VNI, of which no program made letters", hint: enterNameAgain, detail: showMended,
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
	loginAsName: {
		code: reason.MalformedRow, column: fieldName, content: true, allowed: true, name: "login in place of a name",
		problem: "most names of the file are logins or e-mail addresses, and this is one", hint: "enter the names; if these are the names, run again with --allow-names",
		note: "it looks like a login or an e-mail address: make sure that it is the name",
	},
	formulaName: {
		code: reason.MalformedRow, column: fieldName, content: true, allowed: true, name: "formula in place of a name",
		problem: "it is a formula, and not what the formula shows", hint: enterNameAgain,
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
		code: reason.MalformedRow, name: "cell shown in another way", detail: showSheetField,
		problem: "the spreadsheet shows something else than it keeps", hint: asText,
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
	sheetCovered: {
		code: reason.MalformedRow, name: "cell below a merged cell", detail: showSheetField,
		problem: "a merged cell covers it, so that nobody sees what is in it", hint: "unmerge the cells (Excel: Home, Merge & Center), and correct the row",
	},
	programPhone: {
		code: reason.BadPhone, column: fieldPhone, name: "phone written by a program", problem: programWrote, hint: enterValue, detail: explainProgram,
	},
	programID: {
		code: reason.BadExtension, column: fieldID, name: "extension id written by a program", problem: programWrote, hint: enterValue, detail: explainProgram,
	},
	programNumber: {
		code: reason.BadExtension, column: fieldExtension, name: "extension number written by a program", problem: programWrote, hint: enterValue, detail: explainProgram,
	},
	programName: {
		code: reason.MalformedRow, column: fieldName, content: true, name: "name written by a program",
		problem: programWrote, hint: enterValue, detail: explainProgram,
	},
	programPassword: {
		code: reason.MalformedRow, column: fieldPassword, content: true, name: "password written by a program",
		problem: programWrote, hint: enterValue, detail: explainProgram,
	},
	noValuePhone: {
		code: reason.MissingValue, column: fieldPhone, name: "phone is missing", problem: inPlaceOf, hint: "enter the number",
	},
	noValueName: {
		code: reason.MissingValue, column: fieldName, content: true, name: "name is missing", problem: inPlaceOf, hint: "enter the name",
	},
	noValueWord: {
		code: reason.MissingValue, column: fieldName, content: true, allowed: true, name: "name is missing", problem: inPlaceOf, hint: "enter the name",
		counts: func(c *counts) bool { return c.words >= 2 },
		note:   "it is a word that programs write where there is no name: make sure that the person is called so",
	},
	programInName: {
		code: reason.MalformedRow, column: fieldName, content: true, name: "name written by a program",
		problem: "a program wrote this in place of a part of the name", hint: enterNameAgain,
	},
	wordInName: {
		code: reason.MalformedRow, column: fieldName, content: true, allowed: true, name: "name written by a program",
		problem: "a program wrote this in place of a part of the name", hint: enterNameAgain,
		counts: func(c *counts) bool { return c.words >= 2 },
		note:   "a part of it is a word that programs write where there is no name: make sure that the person is called so",
	},
	namelessName: {
		code: reason.MissingValue, column: fieldName, content: true, name: "name is missing", problem: "it has no letter", hint: "enter the name",
	},
	rowInName: {
		code: reason.MalformedRow, content: true, name: "a whole row in one cell",
		problem: "the name has a phone and delimiters in it: a whole row is in this cell", hint: "put each value of the row into a cell of its own",
	},
	numberInName: {
		code: reason.MalformedRow, content: true, name: "name with a phone in it",
		problem: "the name has a number of 9 or more digits in it", hint: "enter the name alone",
	},
	phoneAsName: {
		code: reason.MalformedRow, column: fieldName, content: true, allowed: true, name: "phone in place of a name",
		problem: "it is a phone, and no name", hint: "enter the name; if this is the name, run again with --allow-names",
	},
	phoneInName: {column: fieldName, content: true, note: "it has a phone or a code in it: make sure that it is the name"},
	passwordInName: {
		code: reason.MalformedRow, content: true, name: "name with the password in it",
		problem: "the name has the password of this row in it", hint: "choose another password, or enter the name alone",
	},
	secretInName: {
		code: reason.MalformedRow, content: true, name: "name with a password in it",
		problem: "the name has a word for a password in it, and perhaps a password", hint: "enter the name alone",
	},
	countedName: {
		code: reason.MalformedRow, column: fieldName, content: true, allowed: true, name: "name with the number of a list",
		problem: "it begins with the number or the sign of a list, and so do most names", hint: "remove it from the names",
		counts: func(c *counts) bool { return c.isMost(c.counted) },
		note:   "it begins with the number or the sign of a list",
	},
	rowInPassword: {
		code: reason.MalformedRow, column: fieldPassword, content: true, name: "a whole row in one cell",
		problem: "it has a phone and delimiters in it: another row is in this cell", hint: "put each row on a line of its own",
	},
	commentedName: {
		code: reason.MalformedRow, column: fieldName, content: true, name: "row that is commented out",
		problem: "it begins like a line that is commented out", hint: "delete the row, or remove the characters before the name",
	},
	exampleName: {
		code: reason.MalformedRow, column: fieldName, content: true, allowed: true, name: "row that is an example",
		problem: "it says that the row is an example", hint: "delete the row, or enter the name alone",
	},
	quotedName: {
		code: reason.MalformedRow, column: fieldName, content: true, allowed: true, name: "name in quotes", problem: "there are quotes around it", hint: removeQuotes,
	},
	unclearName: {
		code: reason.MalformedRow, column: fieldName, content: true, name: "quotes around some cells",
		problem: "the phone or the extension begins with a quote or an apostrophe, and the name does, too", hint: "remove it where it does not belong",
	},
	unclearPassword: {
		code: reason.MalformedRow, column: fieldPassword, content: true, name: "quotes around some cells",
		problem: aroundOthers, hint: removeFromPassword,
	},
	formulaDigits: {
		code: reason.MalformedRow, column: fieldPassword, content: true, name: "quotes around some cells", problem: aroundOthers, hint: removeFromPassword,
		counts: func(c *counts) bool { return !c.allAlike(2) },
		note:   `the ="..." around it was removed, as from all phones and extensions`,
	},
	apostropheDigits: {
		code: reason.MalformedRow, column: fieldPassword, content: true, name: "quotes around some cells", problem: aroundOthers, hint: removeFromPassword,
		counts: func(c *counts) bool { return !c.allAlike(3) },
		note:   "the apostrophe at the front was removed, as from all phones and extensions",
	},
	escapedPassword: {
		code: reason.MalformedRow, column: fieldPassword, content: true, name: "apostrophe before the password",
		problem: "a program has probably put the apostrophe at its front, so that no spreadsheet takes it for a formula",
		hint:    "remove the apostrophe. If it is part of the password, choose another one",
		counts:  func(c *counts) bool { return c.formulas == 0 },
		note:    "an apostrophe at its front is part of it and was kept",
	},
	quotedPassword: {
		code: reason.MalformedRow, column: fieldPassword, content: true, name: "quotes around some cells",
		problem: "it begins with a quote or an apostrophe, and so do the phones of other rows",
		hint:    "remove it from the password if it is not part of it, and else from the phones and the extensions",
		counts:  func(c *counts) bool { return c.wrapped > 0 && 2*c.wrapped >= c.rows },
		note:    "a quote or an apostrophe at its front is part of it and was kept",
	},
	delimitedPassword: {
		code: reason.MalformedRow, column: fieldPassword, content: true, name: "password with a delimiter",
		problem: "it ends in a character that separates cells in other files, and so do most passwords", hint: "remove the character from the end of the lines",
		counts: func(c *counts) bool { return c.delimited >= 2 && 2*c.delimited > c.passwords },
		note:   "a character at its end that separates cells in other files is part of it and was kept",
	},
	scientificPassword: {
		code: reason.MalformedRow, column: fieldPassword, content: true, name: "password in scientific notation", problem: scientific, hint: textAgain,
	},
	decimalPassword: {
		code: reason.MalformedRow, column: fieldPassword, content: true, name: "password as a decimal number", problem: decimal, hint: textAgain,
	},
	datePassword: {
		code: reason.MalformedRow, column: fieldPassword, content: true, name: "password as a date with a time",
		problem: "a spreadsheet turned it into a date with a time", hint: textAgain,
	},
	groupsPassword: {
		code: reason.MalformedRow, column: fieldPassword, content: true, name: "password as a number in groups", problem: inGroups, hint: textAgain,
	},
	groupedPassword: {
		code: reason.MalformedRow, column: fieldPassword, content: true, name: "password as a number in groups", problem: inGroups, hint: textAgain,
		counts: func(c *counts) bool { return c.grouped >= 2 },
		note:   mayBeInGroups,
	},
	dittoPassword: {
		code: reason.MalformedRow, column: fieldPassword, content: true, name: "password as in another row",
		problem: "it says that the password is that of the row above", hint: "enter the password itself",
	},
	truthPassword: {
		code: reason.MalformedRow, column: fieldPassword, content: true, name: "TRUE or FALSE in the wrong place",
		problem: "it is TRUE or FALSE, as a spreadsheet writes it", hint: "enter the password itself",
	},
	hashedPassword: {
		code: reason.MalformedRow, column: fieldPassword, content: true, name: "hash in place of a password",
		problem: "it is the hash of a password, as another system keeps it, and not the password", hint: "choose a new password for this person",
	},
	swappedName: {
		code: reason.MalformedRow, content: true, name: "name and password in each other's columns",
		problem: "the name is probably in the column of the password, and the password in that of the name",
		hint:    exchange,
	},
	swappedExtension: {
		code: reason.MalformedRow, content: true, name: "extension and password in each other's columns",
		problem: "the extension is probably in the column of the password, and the password in that of the extension",
		hint:    exchangePIN,
	},
	swappedNames: {
		code: reason.MalformedRow, content: true, ofFile: true, name: "name and password in each other's columns",
		problem: "the column of the password holds names, and that of the name passwords", hint: exchange,
	},
	swappedExtensions: {
		code: reason.MalformedRow, content: true, ofFile: true, name: "extension and password in each other's columns",
		problem: "the column of the password holds short numbers, and that of the extension long ones without an order",
		hint:    exchangePIN,
	},

	swappedPINs: {
		code: reason.MalformedRow, content: true, ofFile: true, name: "extension and password in each other's columns",
		problem: "the column of the password holds short numbers one after the other, and that of the extension numbers without an order",
		hint:    exchangePIN,
	},
	swappedPhone: {
		code: reason.MalformedRow, content: true, name: "phone and password in each other's columns",
		problem: "the phone is probably in the column of the password, and the password in that of the phone",
		hint:    exchange,
	},
	swappedPhones: {
		code: reason.MalformedRow, content: true, ofFile: true, name: "phone and password in each other's columns",
		problem: "the column of the password holds phones", hint: exchange,
	},

	unwrappedName:     {column: fieldName, content: true, noteOf: sayUnwrapped},
	unwrappedPassword: {column: fieldPassword, content: true, noteOf: sayUnwrapped},
	unescapedName: {
		column: fieldName, content: true, note: "the apostrophe at its front was removed: programs put one before what looks like a formula",
	},
	apostropheName:      {column: fieldName, content: true, note: "an apostrophe at its front is part of it and was kept"},
	cleanedName:         {column: fieldName, content: true, note: "spaces and invisible characters around it were removed"},
	ethInName:           {column: fieldName, content: true, note: "a foreign letter that looks like Đ became Đ"},
	lineBreakInName:     {column: fieldName, content: true, note: "a line break became a space"},
	numberAsName:        {column: fieldName, content: true, note: "it is a number"},
	addressInName:       {column: fieldName, content: true, note: "it has an e-mail address in it"},
	leftName:            {column: fieldName, content: true, note: "it says that the person has left"},
	noValuePassword:     {column: fieldPassword, content: true, note: "a word such as null, none or x, a dash and a lone 0 count as an empty cell"},
	equalsInPassword:    {column: fieldPassword, content: true, note: "an equals sign at its front is part of it and was kept"},
	spacesInPassword:    {column: fieldPassword, content: true, note: "spaces at its beginning or end are part of it and were kept"},
	invisibleInPassword: {column: fieldPassword, content: true, note: "invisible characters in it are part of it and were kept"},
	entityInPassword: {
		column: fieldPassword, content: true,
		note: "it has a character as web pages write it, such as &amp; for &. If that is not meant, enter the password again",
	},
	bareHashPassword: {
		column: fieldPassword, content: true, note: "it has as many hexadecimal digits as a hash: make sure that it is the password itself",
	},
	addressPassword: {column: fieldPassword, content: true, note: mayBeInGroups}, // of a network: several people may have one
	dayPassword:     {column: fieldPassword, content: true, note: "it is a date: make sure that a spreadsheet did not make it of digits"},
	misreadPassword: {column: fieldPassword, content: true, note: "it looks like text that was read in another encoding: make sure that it is what people type"},
	wordPassword:    {column: fieldPassword, content: true, note: "it is a word that stands for a password: make sure that it is the password itself"},

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
		detail: func(p *Problem, w *Words) {
			if w.Problem = p.others(); !p.roster.phonesExchanged() { // else it may be a password
				w.Value = p.row().Phone.String()
			}
		},
	},
	sameID: {
		code: reason.DuplicateExtension, column: fieldID, name: severalRows, hint: oneOfTheRows,
		detail: func(p *Problem, w *Words) {
			if w.Problem = p.others(); p.row().ExtensionID != 0 { // else it may be a password
				w.Value = Masked(strconv.FormatInt(p.row().ExtensionID, 10))
			}
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

// nameDelimiters is the detail of dividedRow. The argument is what divides the row.
func nameDelimiters(p *Problem, w *Words) {
	w.Problem = message.Sprintf("this row is divided by %s, and the header is not", csvtext.DividedBy(byte(p.finding.arg)))
}

// nameExtensionColumns is the detail of noExtension: what is missing depends on the columns of the file.
func nameExtensionColumns(p *Problem, w *Words) {
	d := &p.roster.Dialect
	switch {
	case !d.has(fieldExtension) && !d.has(fieldID):
		w.Column, w.Problem = "", message.T("the file has no column for extensions, and the result holds none for this row")
		w.Hint = message.T("add a column extension_number, or give people free extensions with --free-extensions 1000-1999")
	case !d.has(fieldExtension):
	case !d.has(fieldID):
		w.Column, w.Problem = fieldExtension, message.T("extension_number is missing")
	default:
		w.Problem, w.Hint = message.T("extension_id and extension_number are both missing"), message.T("enter one of them, or use --free-extensions")
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

// explainProgram is the detail of what a program wrote in place of a value. The value is which, from a table.
func explainProgram(p *Problem, w *Words) {
	switch p.finding.value {
	case spreadsheet.TooNarrow:
		w.Problem, w.Hint = message.T("the column was too narrow for the value when the file was made"), message.T("make the column wider, and save the file again")
	case hiddenValue:
		w.Problem, w.Hint = message.T("the program that made the file has hidden the value"), enterValue.String()
	}
}

// sayUnwrapped says what was around all cells of a row. The argument is the wrapping.
func sayUnwrapped(f *finding) message.Text {
	switch spreadsheet.Wrappings(f.arg) {
	case spreadsheet.InFormula:
		return `the ="..." around it was removed, as from all cells of the row`
	case spreadsheet.AfterApostrophe:
		return "the apostrophe at the front was removed, as from all cells of the row"
	case spreadsheet.AfterSpace:
		return "the spaces at the front were removed, as from all cells of the row"
	}
	return "the quotes around it were removed, as from all cells of the row"
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
