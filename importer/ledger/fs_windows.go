package ledger

import "os"

// SyncDir implements [FS]. Windows cannot sync a folder: NTFS journals renames by itself.
func (OS) SyncDir(string) error { return nil }

// links returns how many names the file has; Windows does not tell it with the file's information.
func links(os.FileInfo) uint64 { return 1 }

// lockFile returns the file whose lock stands for that of name: one beside it, since Windows lets nobody read or write a
// file that is locked.
func lockFile(name string) string { return name + "-held" }
