//go:build unix

package durable

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/hint"
)

const (
	othersWrite  = 0o022
	anybodyWrite = 0o002
)

// own refuses a file that another user may have written. A ledger decides who is created, and so whose password is set: whoever
// can plant one could choose them.
//
// A file may belong to this user or to root. If others have the right to write to it, the folder decides: in a folder of this
// user's, they gave that right themselves; in a folder of root's, root gave it to a group. In a folder that anybody can write
// to, nobody has decided anything.
func own(name string, info os.FileInfo) error { return ours(name, info, lookOfOurs) }

// ours is own with a function that makes a file in the same folder and returns what it looks like. Some file systems have no
// owners or no modes, and some file servers show root's files as another user's: there, a file that looks like the new one is
// ours.
func ours(name string, info os.FileInfo, look func(name string) (os.FileInfo, error)) error {
	us, bits := []uint32{0, uint32(os.Geteuid())}, os.FileMode(othersWrite)
	refused := checkOwner(name, info, us, bits)
	if refused == nil {
		return nil
	}
	sample, err := look(name + ".own")
	if err != nil {
		return refused
	}
	us = append(us, owner(sample))
	if sample.Mode()&othersWrite != 0 {
		bits = 0
	}
	return checkOwner(name, info, us, bits)
}

// checkOwner refuses a file that may be somebody else's. us are the users that we are, bits the permissions that others must not
// have.
func checkOwner(name string, info os.FileInfo, us []uint32, bits os.FileMode) error {
	if uid := owner(info); !slices.Contains(us, uid) {
		return hint.With(&refusedError{message.Sprintf("%s belongs to another user (number %d), who can change it at any time", name, uid)},
			message.Sprintf("run as that user, or use a result file (-o) in a folder of your own. If you trust the file, make it yours first: chown %d %q",
				os.Geteuid(), name))
	}
	if info.Mode()&bits == 0 {
		return nil
	}
	folder, err := os.Stat(filepath.Dir(name))
	if err == nil && folder.Mode()&anybodyWrite == 0 {
		switch uid := owner(folder); {
		case slices.Contains(us[1:], uid):
			return nil
		case uid == 0 && info.Mode()&bits&anybodyWrite == 0:
			return nil // root has given the folder to a group: to a department, or to a container as its volume
		}
	}
	return hint.With(&refusedError{message.Sprintf("%s can be changed by other users, and its folder is not yours alone", name)},
		message.Sprintf("use a result file (-o) in a folder of your own. If you trust the file, take the right from them first: chmod go-w %q", name))
}

// lookOfOurs makes an empty file and removes it.
func lookOfOurs(name string) (info os.FileInfo, err error) {
	f, err := OS{}.Create(name)
	if err != nil {
		return nil, err
	}
	info, err = f.(*os.File).Stat()
	return info, errors.Join(err, f.Close(), os.Remove(name))
}

// owner returns the number of the user that the file belongs to.
func owner(info os.FileInfo) uint32 {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return stat.Uid
	}
	return uint32(os.Geteuid())
}

// planted reports whether somebody else has put a symbolic link into a folder that everybody can write to. Linux has the same
// rule (fs.protected_symlinks), where it is switched on.
func planted(link string) bool {
	info, err := os.Lstat(link)
	folder, err2 := os.Stat(filepath.Dir(link))
	if err != nil || err2 != nil || folder.Mode()&anybodyWrite == 0 {
		return false
	}
	uid := owner(info)
	return uid != uint32(os.Geteuid()) && uid != 0 && uid != owner(folder)
}
