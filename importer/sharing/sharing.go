// Package sharing opens, renames and checks files that another program may have open. On Windows the program that opens a file
// decides what others may do with it meanwhile: Excel lets nobody write, rename or remove its file, and a virus scanner holds each new
// file for a moment. On other systems everybody may always do everything, and only LibreOffice says that it has a file open.
package sharing

import (
	"errors"
	"time"

	"etelecom-import/apiclient/message"
)

// ErrInUse says that another program has a file open and lets nobody replace it.
var ErrInUse = message.New("the file is open in another program")

// InUseError is an [ErrInUse] that names the file.
type InUseError struct {
	Name string
	Err  error // what the system said
}

// Error implements error.
func (e *InUseError) Error() string {
	return message.Sprintf("%s is open in another program. Close it and run the same command again; nothing is lost.", e.Name)
}

// Unwrap makes the error an [ErrInUse].
func (e *InUseError) Unwrap() []error { return []error{ErrInUse, e.Err} }

// Hint says how the file can be looked at all the same.
func (*InUseError) Hint() string {
	return message.T("Excel keeps a file to itself while it shows it. To look at one during a run, open a copy of it")
}

const (
	// patience is how long [Patiently] tries. Scanners and programs that synchronize folders are done within a second, as a rule.
	patience   = 3 * time.Second
	firstPause = 20 * time.Millisecond
	mostPause  = 300 * time.Millisecond
)

// Patiently calls f again while it fails with an [ErrInUse], for a few seconds.
func Patiently(f func() error) error {
	began := time.Now()
	for pause := firstPause; ; pause = min(2*pause, mostPause) {
		err := f()
		if !errors.Is(err, ErrInUse) || time.Since(began) >= patience {
			return err
		}
		time.Sleep(pause)
	}
}
