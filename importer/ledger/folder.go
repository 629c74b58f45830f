package ledger

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/ledger/durable"
	"etelecom-import/importer/sharing"
)

// The files of a ledger beside its result CSV: their names are that of the result with one of these behind it.
const (
	journalSuffix = ".journal"
	lockSuffix    = ".lock"
	accountSuffix = ".account"
	tmpSuffix     = durable.TmpSuffix // behind any of the others: a file that is being written
)

// SidecarFiles returns the files that there are beside a result CSV, always or at times.
func SidecarFiles(result string) []string {
	return []string{
		result + tmpSuffix, result + journalSuffix, result + journalSuffix + tmpSuffix, result + lockSuffix,
		result + accountSuffix, result + accountSuffix + tmpSuffix, durable.LockFile(result + lockSuffix),
	}
}

// folder is where the files of one ledger are, with the lock on them. It knows their names and not what is in them, the lock
// file's text excepted.
type folder struct {
	fs     durable.FS
	result string       // path of the result CSV, a symbolic link resolved
	lock   durable.Lock // nil: nothing is written
	named  lockText     // what the lock file says of this run
}

func openFolder(fs durable.FS, result string) (*folder, error) {
	path, err := fs.Resolve(result)
	switch {
	case errors.Is(err, durable.ErrRefused):
		return nil, message.Errorf("result: %w", refusal(err))
	case err != nil:
		return nil, hint.With(message.Errorf("result: %w", err), message.T("nothing was sent. Name another result with -o FILE"))
	}
	return &folder{fs: fs, result: path}, nil
}

func (d *folder) journal() string  { return d.result + journalSuffix }
func (d *folder) lockFile() string { return d.result + lockSuffix }
func (d *folder) account() string  { return d.result + accountSuffix }

// takeLock takes the lock. What the lock file says stays until [folder.nameHolder].
func (d *folder) takeLock(holder Process) (err error) {
	d.named = lockText{Process: holder}
	d.lock, err = d.fs.Lock(d.lockFile())
	return refusal(err)
}

// unlock releases the lock.
func (d *folder) unlock() error {
	err := d.lock.Unlock()
	d.lock = nil
	return err
}

// previousHolder returns what the lock file says under the lock: the run that was interrupted, or nothing.
func (d *folder) previousHolder() (lockText, error) {
	text, err := d.lock.Text()
	if err != nil {
		return lockText{}, refusal(message.Errorf("the lock file cannot be read: %w", err))
	}
	return parseLockText(text), nil
}

// nameHolder names this run in the lock file, and whether it has a journal.
func (d *folder) nameHolder(journal bool) error {
	d.named.Journal = journal
	return refusal(d.lock.SetText(d.named.String()))
}

// nameWaiting says in the lock file whether this run waits for an answer.
func (d *folder) nameWaiting(waiting bool) error {
	d.named.Waiting = waiting
	return refusal(d.lock.SetText(d.named.String()))
}

// clearHolder empties the lock file: the run has ended normally.
func (d *folder) clearHolder() error { return refusal(d.lock.SetText("")) }

// currentHolder returns what the lock file says, without the lock; nothing if it is missing or cannot be read.
func (d *folder) currentHolder() lockText {
	f, err := d.fs.Open(d.lockFile())
	if err != nil {
		return lockText{}
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		return lockText{}
	}
	return parseLockText(string(text))
}

// read reads a file. Under the lock, where a run acts on what it reads, a file of another user is refused.
func (d *folder) read(name string, read func(io.Reader) error) error {
	open := d.fs.OpenOwn
	if d.lock == nil {
		open = d.fs.Open
	}
	f, err := open(name)
	if err != nil {
		return refusal(err)
	}
	defer f.Close()
	if err := read(f); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// replace replaces a file durably.
func (d *folder) replace(name string, write func(io.Writer) error) error {
	return durable.Replace(d.fs, name, write)
}

// remove removes a file durably.
func (d *folder) remove(name string) error {
	if err := sharing.Patiently(func() error { return d.fs.Remove(name) }); err != nil {
		return err
	}
	return d.sync()
}

// sync makes the names of the files durable.
func (d *folder) sync() error { return d.fs.SyncDir(filepath.Dir(d.result)) }

// checkUnused finds out whether another program, such as Excel, has the result CSV open and lets nobody replace it. It is asked when the
// ledger is opened, before the first call; [folder.checkReplaceable] comes after the question.
func (d *folder) checkUnused() error {
	return sharing.Patiently(func() error { return d.fs.CheckUnused(d.result) })
}

// checkWritable finds out whether files can be made and removed here, before anything depends on it.
func (d *folder) checkWritable() error {
	name := d.result + tmpSuffix
	f, err := d.fs.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), d.fs.Remove(name))
}

// checkReplaceable finds out whether the result CSV can be replaced, by replacing it with a copy of itself. Nothing less
// shows it. Permissions say nothing of a file attribute, a sticky folder, a mount on the file itself, or a program that has
// it open on Windows. A second name of the file proves nothing, since a rename over the same file does nothing and succeeds.
// And a result that is moved away and back is gone if the process is killed in between. The copy is durable before it gets the
// name, so that at any moment there is a result with the same bytes.
func (d *folder) checkReplaceable() error {
	err := d.replace(d.result, func(w io.Writer) error {
		return d.read(d.result, func(r io.Reader) error {
			_, err := io.Copy(w, r)
			return err
		})
	})
	if err != nil && !errors.Is(err, sharing.ErrInUse) {
		return message.Errorf("%s cannot be replaced, and nothing was sent. "+
			"Check that it is not write-protected and is your own: %w", d.result, err)
	}
	return err
}

// notWritable makes an [ErrNotWritable] of an error.
func (d *folder) notWritable(err error) error { return &notWritableError{d.result, err, false} }

// unusable is notWritable before anything was sent. If the result can never be where it is to be, the error is an [ErrWrongPlace], too.
func (d *folder) unusable(err error) error {
	if !durable.Lasting(err) {
		return d.notWritable(err)
	}
	err = &notWritableError{d.result, err, true}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return hint.With(err, message.T("nothing was sent. Make the folder, or name another result with -o FILE"))
	case errors.Is(err, fs.ErrPermission):
		return hint.With(err, message.T("nothing was sent. Give this user the right to write there, or name another result with -o FILE"))
	}
	return hint.With(err, message.T("nothing was sent. Name another result with -o FILE"))
}

// notWritableError is an [ErrNotWritable] that names the result.
type notWritableError struct {
	result  string
	err     error
	lasting bool // see [ErrWrongPlace]
}

func (e *notWritableError) Error() string {
	if inUse, ok := errors.AsType[*sharing.InUseError](e.err); ok {
		return inUse.Error()
	}
	return message.Sprintf("the result file %s cannot be written: %v", e.result, e.err)
}

func (e *notWritableError) Unwrap() []error {
	if e.lasting {
		return []error{ErrNotWritable, ErrWrongPlace, e.err}
	}
	return []error{ErrNotWritable, e.err}
}
