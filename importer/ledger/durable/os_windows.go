package durable

import "os"

// noFollow is nothing: on Windows only an administrator can make symbolic links.
const noFollow = 0

// own accepts every file: Windows tells no owner with a file's information, and a new file has the permissions of its folder.
func own(string, os.FileInfo) error { return nil }

// planted accepts every link, see noFollow.
func planted(string) bool { return false }

// syncDir does nothing: Windows has no way to sync a folder. A rename waits for the disk by itself (MOVEFILE_WRITE_THROUGH, see
// [sharing.Rename]), and the content of the file was flushed before it. What a power cut can still take back, if the disk loses what its
// journal has not got, is the removal of a file: one that is there again says nothing that the result does not say.
func syncDir(string) error { return nil }

// links returns how many names the file has; Windows does not tell it with the file's information.
func links(os.FileInfo) uint64 { return 1 }

// LockFile returns the file that is locked for name: one beside it, since Windows lets nobody read or write a locked file.
func LockFile(name string) string { return name + "-held" }
