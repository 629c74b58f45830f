package roster

// The codes of problems, as they stand in the result.
const (
	MalformedRow       = "malformed_row"
	MissingValue       = "missing_value"
	BadPhone           = "bad_phone"
	BadExtension       = "bad_extension"
	DuplicatePhone     = "duplicate_phone"
	DuplicateExtension = "duplicate_extension"
)

// kind is a cause of problems.
type kind uint8

const (
	wrongCells kind = iota + 1
	wrongColumns
	noName
	noPhone
	noExtension
	damagedName
	controlInName
	badPhone
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
	roundedID
	samePhone
	sameID
	sameNumber
	absent // an empty cell; no problem by itself
)

const (
	asText      = "format the column as text and enter it again"
	lineBreak   = "a line break stands in the cell"
	scientific  = "a spreadsheet turned this number into "
	decimal     = "a spreadsheet or a program made a decimal number of it"
	controls    = "it has control characters"
	enterIt     = "enter it"
	oneOfThem   = "keep one of the rows"
	oneLine     = "keep it on one line"
	digitsAlone = "it is not digits alone"
)

// kinds says of each kind what code and column it has, what it is called, what is wrong, and what to do. What depends
// on the row is added by [Roster.wrong].
var kinds = [...]struct{ code, column, name, wrong, fix string }{
	wrongCells:        {MalformedRow, "", "wrong number of cells", "", "put cells that hold the delimiter in quotes, and fill the row up to the header's columns"},
	wrongColumns:      {MalformedRow, "", "cells in the wrong columns", "cells stand in the wrong columns: the phone or the extension stands where the name or the password belongs", "move them back"},
	noName:            {MissingValue, fieldName, "name is missing", "is missing", enterIt},
	noPhone:           {MissingValue, fieldPhone, "phone is missing", "is missing", enterIt},
	noExtension:       {MissingValue, fieldID, "extension is missing", "", enterIt},
	damagedName:       {MalformedRow, fieldName, "damaged name", "letters were lost when the file was converted", "enter the name again"},
	controlInName:     {MalformedRow, fieldName, "name with control characters", controls, "enter the name again"},
	badPhone:          {BadPhone, fieldPhone, "", "", ""},
	brokenID:          {BadExtension, fieldID, "extension id with a line break", lineBreak, oneLine},
	scientificID:      {BadExtension, fieldID, "extension id in scientific notation", scientific, asText},
	decimalID:         {BadExtension, fieldID, "extension id as a decimal number", decimal, asText},
	notDigitsID:       {BadExtension, fieldID, "extension id is not digits", digitsAlone, "copy the id from the list of extensions"},
	zeroID:            {BadExtension, fieldID, "extension id begins with 0", "no id begins with 0", "copy the id from the list of extensions, or name the column extension_number"},
	largeID:           {BadExtension, fieldID, "extension id too large", "it is larger than any id", "copy the id from the list of extensions"},
	brokenNumber:      {BadExtension, fieldExtension, "extension number with a line break", lineBreak, oneLine},
	scientificNumber:  {BadExtension, fieldExtension, "extension number in scientific notation", scientific, asText},
	decimalNumber:     {BadExtension, fieldExtension, "extension number as a decimal number", decimal, asText},
	notDigitsNumber:   {BadExtension, fieldExtension, "extension number is not digits", digitsAlone, "enter the number that is dialled, such as 101"},
	longNumber:        {BadExtension, fieldExtension, "extension number too long", "it is too long for a number that is dialled", "if it is an id, name the column extension_id"},
	longPassword:      {MalformedRow, fieldPassword, "password too long", "", "choose one of at most 128 bytes"},
	controlInPassword: {MalformedRow, fieldPassword, "password with control characters", controls + ", such as a tab or a line break", "enter it again"},
	damagedPassword:   {MalformedRow, fieldPassword, "damaged password", "letters were lost when the file was converted", "enter it again"},
	roundedID:         {BadExtension, fieldID, "extension ids rounded by a spreadsheet", "a spreadsheet rounded this id", "export the ids again as text"},
	samePhone:         {DuplicatePhone, fieldPhone, "phone in several rows", "", oneOfThem},
	sameID:            {DuplicateExtension, fieldID, "extension in several rows", "", oneOfThem},
	sameNumber:        {DuplicateExtension, fieldExtension, "extension in several rows", "", oneOfThem},
}
