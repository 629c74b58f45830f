//go:build unix

package durable

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// noFollow keeps open from following a link and from waiting for the other end of a pipe.
const noFollow = syscall.O_NOFOLLOW | syscall.O_NONBLOCK

const (
	othersWrite  = 0o022
	anybodyWrite = 0o002
)

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// links returns how many names the file has.
func links(info os.FileInfo) uint64 {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(stat.Nlink)
	}
	return 1
}

// lockFile returns the file whose lock stands for that of name: the file itself.
func lockFile(name string) string { return name }

// createNew makes a file that is not there yet.
func createNew(name string) (*os.File, error) {
	return os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, private)
}

// own refuses a file that another user may have written: what the ledger says is who is never to be created again, and who
// is to be, and whoever plants it decides whose password is set back. In a folder of the user's own, a right to write to the
// file is one that they have given, and in one of root's a group's right is one that root has given; elsewhere nobody looks
// after it.
func own(name string, info os.FileInfo) error { return ours(name, info, lookOfOurs) }

// ours is own; look makes a file here and now. Some file systems know no owners or no modes, and some servers another owner
// for root: what the new file looks like is what a file of ours looks like there.
func ours(name string, info os.FileInfo, look func(name string) (os.FileInfo, error)) error {
	us, bits := []uint32{0, uint32(os.Geteuid())}, os.FileMode(othersWrite)
	why := stranger(name, info, us, bits)
	if why == "" {
		return nil
	}
	if sample, err := look(name + ".own"); err == nil {
		us = append(us, owner(sample))
		if sample.Mode()&othersWrite != 0 {
			bits = 0
		}
		why = stranger(name, info, us, bits)
	}
	if why == "" {
		return nil
	}
	return &refusedError{name, why}
}

// stranger says why a file may not be ours, and what to do; "" if it is. Write bits outside a folder of ours tell against it.
func stranger(name string, info os.FileInfo, us []uint32, bits os.FileMode) string {
	if uid := owner(info); !slices.Contains(us, uid) {
		return fmt.Sprintf("belongs to another user (number %d), who can change it at any time. Run as that user, or use a result file (-o) "+
			"in a folder of your own. If you trust the file, make it yours first: chown %d %q", uid, os.Geteuid(), name)
	}
	if info.Mode()&bits == 0 {
		return ""
	}
	folder, err := os.Stat(filepath.Dir(name))
	if err == nil && folder.Mode()&anybodyWrite == 0 {
		switch uid := owner(folder); {
		case slices.Contains(us[1:], uid):
			return ""
		case uid == 0 && info.Mode()&bits&anybodyWrite == 0:
			return "" // root has given the folder to a group: a department's, or a volume of a container
		}
	}
	return fmt.Sprintf("can be changed by other users, and its folder is not yours alone. Use a result file (-o) in a folder of your own. "+
		"If you trust the file, take the right from them first: chmod go-w %q", name)
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

func owner(info os.FileInfo) uint32 {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return stat.Uid
	}
	return uint32(os.Geteuid())
}

// planted reports whether a symbolic link was put by somebody else into a folder where everybody can: the rule by which Linux
// does not follow one, if it is set to.
func planted(link string) bool {
	info, err := os.Lstat(link)
	folder, err2 := os.Stat(filepath.Dir(link))
	if err != nil || err2 != nil || folder.Mode()&anybodyWrite == 0 {
		return false
	}
	uid := owner(info)
	return uid != uint32(os.Geteuid()) && uid != 0 && uid != owner(folder)
}
