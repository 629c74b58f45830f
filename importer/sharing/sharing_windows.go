package sharing

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// shareAll lets others do everything with a file while it is open. [os.OpenFile] lets them neither rename nor remove it: then Excel
// could not save an employee file that is being read, and "status" would keep a run from replacing its result.
const shareAll = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE | windows.FILE_SHARE_DELETE

// OpenFile opens a file as [os.OpenFile] does with these flags: how to read and write, [os.O_CREATE] and [os.O_EXCL]. Others may do
// with the file what they like while it is open. The error is an [ErrInUse] if another program does not share it.
func OpenFile(name string, flags int, _ os.FileMode) (*os.File, error) {
	path, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	access, attributes := uint32(windows.GENERIC_READ), uint32(windows.FILE_ATTRIBUTE_NORMAL)
	switch flags & (os.O_RDONLY | os.O_WRONLY | os.O_RDWR) {
	case os.O_WRONLY:
		access = windows.GENERIC_WRITE
	case os.O_RDWR:
		access |= windows.GENERIC_WRITE
	default:
		attributes |= windows.FILE_FLAG_BACKUP_SEMANTICS // a folder can be opened, too, and is told from a file that may not be read
	}
	how := uint32(windows.OPEN_EXISTING)
	switch flags & (os.O_CREATE | os.O_EXCL) {
	case os.O_CREATE:
		how = windows.OPEN_ALWAYS
	case os.O_CREATE | os.O_EXCL:
		how = windows.CREATE_NEW
		attributes |= windows.FILE_FLAG_OPEN_REPARSE_POINT // a link that leads nowhere is a file that is there
	}
	h, err := windows.CreateFile(path, access, shareAll, nil, how, attributes, 0)
	if err != nil {
		return nil, explained(&os.PathError{Op: "open", Path: name, Err: err}, name)
	}
	return os.NewFile(uintptr(h), name), nil
}

// Rename gives the file old the name new; a file that had the name is replaced. It returns when Windows says that this is on the
// disk, which [os.Rename] does not wait for. The error is an [ErrInUse] if another program has one of the two open.
func Rename(old, new string) error {
	from, err := windows.UTF16PtrFromString(old)
	if err != nil {
		return &os.LinkError{Op: "rename", Old: old, New: new, Err: err}
	}
	to, err := windows.UTF16PtrFromString(new)
	if err != nil {
		return &os.LinkError{Op: "rename", Old: old, New: new, Err: err}
	}
	if err := windows.MoveFileEx(from, to, windows.MOVEFILE_REPLACE_EXISTING|windows.MOVEFILE_WRITE_THROUGH); err != nil {
		return explained(&os.LinkError{Op: "rename", Old: old, New: new, Err: err}, new, old)
	}
	return nil
}

// Remove removes a file. The error is an [ErrInUse] if another program has it open.
func Remove(name string) error {
	if err := os.Remove(name); err != nil {
		return explained(err, name)
	}
	return nil
}

// Check returns an [ErrInUse] if another program has the file open and lets nobody replace it. A file that is not there is in nobody's
// use, and so is one that cannot be looked at.
func Check(name string) error {
	if err := probe(name, shareAll); isViolation(err) {
		return &InUseError{Name: name, Err: err}
	}
	return nil
}

// explained makes an [ErrInUse] of an error that says so of one of the files: the first that is in use. Windows says "access denied",
// too, where a file that is to be replaced or removed is open, or is removed and still open.
func explained(err error, names ...string) error {
	if !isViolation(err) && !errors.Is(err, windows.ERROR_ACCESS_DENIED) {
		return err
	}
	for _, name := range names {
		if found := probe(name, 0); isViolation(found) {
			return &InUseError{Name: name, Err: err}
		}
	}
	if isViolation(err) { // whoever had the file open has closed it since
		return &InUseError{Name: names[0], Err: err}
	}
	return err
}

// probe opens a file as a rename over it does, and closes it. share is what others may do, and may be doing already: with 0 nobody else
// may have the file open.
func probe(name string, share uint32) error {
	path, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return err
	}
	h, err := windows.CreateFile(path, windows.GENERIC_READ|windows.DELETE, share, nil, windows.OPEN_EXISTING, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		return err
	}
	return windows.CloseHandle(h)
}

// isViolation reports whether Windows says that another program's use of a file is in the way.
func isViolation(err error) bool {
	shared := errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_LOCK_VIOLATION)
	return shared || errors.Is(err, windows.ERROR_USER_MAPPED_FILE) || errors.Is(err, windows.ERROR_DELETE_PENDING)
}
