package ledger

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"etelecom-import/importer/hint"
	"etelecom-import/importer/ledger/durable"
)

const stranger1 = 65533

// shared makes a folder under /tmp, which everybody can enter, with a whole ledger in it.
func shared(t *testing.T, uid int, mode os.FileMode) (path string) {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "ledger")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	path = filepath.Join(dir, "staff.result.csv")
	put(t, path, saved, private)
	put(t, path+".journal", string(journalOf(t, account)), private)
	put(t, path+".account", `{"account":"`+account+`"}`, private)
	put(t, path+".lock", "", private)
	for _, ending := range []string{"", ".journal", ".account", ".lock"} {
		if err := os.Chown(path+ending, uid, uid); err != nil {
			t.Skip(err)
		}
	}
	if err := errors.Join(os.Chown(dir, uid, uid), os.Chmod(dir, mode)); err != nil {
		t.Fatal(err)
	}
	return path
}

// refused checks that a ledger is refused for one of its files, with a hint, and that nothing was changed.
func refused(t *testing.T, path, file, why string) {
	t.Helper()
	before, _ := os.ReadDir(filepath.Dir(path))
	l, err := Open(OS{}, path, named("a test"))
	if err == nil {
		_ = l.Close()
	}
	if !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), file+" "+why) || !strings.Contains(hint.Of(err), "If you trust the file") {
		t.Errorf("%s: %v", file, err)
	}
	if after, _ := os.ReadDir(filepath.Dir(path)); len(after) != len(before) {
		t.Errorf("%s: left: %v", file, after)
	}
}

func opened(t *testing.T, path string) {
	t.Helper()
	l, err := Open(OS{}, path, named("a test"))
	if err == nil {
		err = errors.Join(l.Begin(Owner{ID: account}), l.Finish(Owner{ID: account}, lines(l)), l.Close())
	}
	if err != nil {
		t.Error(err)
	}
}

func TestFilesOfOthersAreRefused(t *testing.T) {
	const theirs, open = "belongs to another user (number 65533)", "can be changed by other users"
	for _, ending := range []string{"", ".journal", ".account", ".lock"} {
		t.Run("file"+ending, func(t *testing.T) {
			for _, mode := range []os.FileMode{0o644, 0o600} { // of the second, they who are not root see the owner alone
				path := shared(t, nobody, 0o777|os.ModeSticky)
				put(t, path+ending, string(mustContent(t, path+ending)), mode)
				if err := os.Chown(path+ending, stranger1, stranger1); err != nil {
					t.Fatal(err)
				}
				as(t, nobody, func() { refused(t, path, path+ending, theirs) })
			}
			path := shared(t, stranger1, 0o755)
			for _, mine := range []string{"", ".journal", ".account", ".lock"} {
				if err := os.Chown(path+mine, 0, 0); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.Chown(path+ending, stranger1, stranger1); err != nil {
				t.Fatal(err)
			}
			refused(t, path, path+ending, theirs) // as root, in a user's folder

			for _, at := range []struct {
				uid          int
				folder, file os.FileMode
			}{
				{0, 0o777 | os.ModeSticky, 0o664},
				{nobody, 0o777, 0o664},
				{stranger1, 0o775, 0o664},
				{0, 0o775, 0o666},
			} {
				path = shared(t, nobody, at.folder)
				if err := errors.Join(os.Chown(filepath.Dir(path), at.uid, nobody), os.Chmod(filepath.Dir(path), at.folder), os.Chmod(path+ending, at.file)); err != nil {
					t.Fatal(err)
				}
				as(t, nobody, func() { refused(t, path, path+ending, open) })
			}
		})
	}
}

func mustContent(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestOrdinaryFilesAreNotRefused(t *testing.T) {
	for _, mode := range []os.FileMode{0o600, 0o644, 0o664, 0o666} {
		for _, folder := range []os.FileMode{0o700, 0o755, 0o775} {
			path := shared(t, nobody, folder)
			for _, ending := range []string{"", ".journal", ".account", ".lock"} {
				if err := os.Chmod(path+ending, mode); err != nil {
					t.Fatal(err)
				}
			}
			as(t, nobody, func() { opened(t, path) })
		}
	}
	path := shared(t, nobody, 0o777|os.ModeSticky)
	as(t, nobody, func() { opened(t, path) }) // our own, in a folder of everybody's
	path = shared(t, nobody, 0o775)           // a volume of a container's, or a department's folder
	for _, ending := range []string{"", ".journal", ".account", ".lock"} {
		if err := os.Chmod(path+ending, 0o660); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.Chown(filepath.Dir(path), 0, 0), os.Chmod(filepath.Dir(path), 0o775|os.ModeSetgid)); err != nil {
		t.Fatal(err)
	}
	as(t, nobody, func() { opened(t, path) })
	path = shared(t, nobody, 0o700)
	for _, ending := range []string{"", ".journal", ".account"} {
		if err := errors.Join(os.Chown(path+ending, 0, 0), os.Chmod(path+ending, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	as(t, nobody, func() { opened(t, path) }) // root's, in our own folder
	if _, err := Read(OS{}, shared(t, stranger1, 0o700)); err != nil {
		t.Errorf("who only reads may read others' files: %v", err)
	}
}

// A link in the place of a file of the ledger leads nowhere, whoever put it there.
func TestPlantedLinksAreNotFollowed(t *testing.T) {
	for _, ending := range []string{".journal", ".lock", ".account", ".new", ".journal.new", ".account.new"} {
		dir := t.TempDir()
		path, victim := filepath.Join(dir, "staff.result.csv"), filepath.Join(dir, "victim")
		put(t, path, saved, private)
		text := "precious"
		if ending == ".journal" {
			text = string(journalOf(t, account)) // it would be taken
		}
		put(t, victim, text, 0o644)
		if err := os.Symlink(victim, path+ending); err != nil {
			t.Fatal(err)
		}
		owner := Owner{ID: account, Others: []string{other}, Key: "k"}
		l, err := Open(OS{}, path, named("a test"))
		if err == nil {
			err = errors.Join(l.Begin(owner), l.Finish(owner, lines(l)), l.Close())
		}
		if harmless := strings.HasSuffix(ending, ".new"); harmless && err != nil || !harmless && !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v", ending, err)
		}
		if got := mustContent(t, victim); string(got) != text {
			t.Errorf("%s: the victim is now %q", ending, got)
		}
	}
}

// A link of another user's, in a folder of everybody's, does not choose the result.
func TestPlantedLinkInPlaceOfTheResult(t *testing.T) {
	path := shared(t, nobody, 0o700)
	public := shared(t, 0, 0o777|os.ModeSticky)
	link := filepath.Join(filepath.Dir(public), "link.csv")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	for uid, refused := range map[int]bool{stranger1: true, nobody: false, 0: false} {
		if err := os.Lchown(link, uid, uid); err != nil {
			t.Fatal(err)
		}
		as(t, nobody, func() {
			if _, err := (OS{}).Resolve(link); errors.Is(err, durable.ErrRefused) != refused || err != nil && !refused {
				t.Errorf("of user %d: %v", uid, err)
			}
		})
	}
}
