// Package durable is a file system for programs whose files must outlive crashes and power cuts. It replaces files as a whole,
// locks them, and refuses files that another user may have written. [OS] is the real one; tests have others, in memory, that fail
// and crash.
//
// A file that other programs may have open is opened, renamed and removed through package sharing. If one of them is in the way, the
// error is a [sharing.ErrInUse], on Windows.
package durable

import (
	"io"

	"etelecom-import/apiclient/message"
)

// FS is a file system.
type FS interface {
	// Open opens a regular file for reading. It follows no link.
	Open(name string) (io.ReadCloser, error)
	// OpenOwn is Open for files that decide what is done: the error is an [ErrRefused] if another user may have put the file there,
	// or may have changed it.
	OpenOwn(name string) (io.ReadCloser, error)
	// Create makes an empty file of mode 0600 for writing. A file that had the name is removed.
	Create(name string) (File, error)
	// Append opens a regular file for writing behind what it has, and copies what it has to content. It follows no link. The error
	// is an [ErrRefused] as that of OpenOwn.
	Append(name string, content io.Writer) (File, error)
	// Rename gives the file old the name new, in one step; a file that had the name is replaced. Neither may be open: Windows
	// refuses that, and the file systems of tests refuse it on every system.
	Rename(old, new string) error
	// Remove removes a file, which may not be open, likewise.
	Remove(name string) error
	// CheckUnused returns a [sharing.ErrInUse] if another program has the file open and lets nobody replace it.
	CheckUnused(name string) error
	// SyncDir makes durable what was created, renamed and removed in a folder.
	SyncDir(dir string) error
	// Lock takes the lock on a file, which it creates if it is missing. The error is an [ErrLocked] if another process has
	// the lock, and then a [LockedError] if the file can be read.
	Lock(name string) (Lock, error)
	// Resolve returns the path of the regular file that name means, whether it exists or not: a symbolic link is followed
	// once. The error is an [ErrRefused] for anything but a regular file with one name.
	Resolve(name string) (string, error)
}

// File is a file that is being written.
type File interface {
	io.Writer
	// Sync returns when everything that was written is durable.
	Sync() error
	Close() error
}

// Lock is a lock that this process holds.
type Lock interface {
	// Text returns what the lock file contains: what the holder wrote, or what a holder wrote before it crashed.
	Text() (string, error)
	// SetText replaces the content of the lock file, and returns when it is durable.
	SetText(text string) error
	// Unlock releases the lock. The file stays.
	Unlock() error
}

// ErrLocked says that another process holds the lock.
var ErrLocked = message.New("another process holds the lock")

// LockedError is an [ErrLocked] with what the holder wrote into the lock file.
type LockedError struct{ Text string }

// Error implements error.
func (*LockedError) Error() string { return ErrLocked.Error() }

// Unwrap makes the error an [ErrLocked].
func (*LockedError) Unwrap() error { return ErrLocked }

// ErrRefused says that a file is not what it must be: not a regular file, or not safe from other users. Nothing was changed.
var ErrRefused = message.New("the file is refused")

// refusedError is an [ErrRefused] whose text says which file it is, and what is wrong with it.
type refusedError struct{ text string }

// Error implements error.
func (e *refusedError) Error() string { return e.text }

// Unwrap makes the error an [ErrRefused].
func (*refusedError) Unwrap() error { return ErrRefused }
