package console

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"etelecom-import/apiclient/secret"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/roster"
)

// Stdin is the name that stands for standard input.
const Stdin = "-"

// ReadRoster reads an employee file, or standard input for [Stdin].
func ReadRoster(path string, stdin io.Reader, o roster.Options) (*roster.Roster, error) {
	if path == Stdin {
		return roster.Read(stdin, o)
	}
	return roster.ReadFile(path, o)
}

// ResultPath returns the path of the result CSV where none is given: the employee file's name with another ending.
func ResultPath(employees string, practice bool) (string, error) {
	if employees == Stdin {
		return "", &Hinted{errors.New("standard input has no name to derive the result's from"), "name the result CSV with -o FILE"}
	}
	ending := ".result.csv"
	if practice {
		ending = ".sandbox.result.csv"
	}
	return strings.TrimSuffix(employees, filepath.Ext(employees)) + ending, nil
}

// Apart refuses files of which two are the same, by whatever path: each would overwrite the other, or what belongs to the
// result. What is left out is "".
func Apart(employees, key, result string, reports ...string) error {
	kept := []string{employees, key}
	for i, path := range append([]string{result}, reports...) {
		for _, other := range kept {
			if path != "" && other != "" && other != Stdin && same(path, other) {
				return &Hinted{fmt.Errorf("%s would overwrite %s", path, other), "name another file"}
			}
		}
		if kept = append(kept, path); i == 0 {
			kept = append(kept, besides(result)...)
		}
	}
	return nil
}

// besides returns what belongs to a result CSV, whatever link it is reached by.
func besides(result string) (files []string) {
	if result == "" {
		return nil
	}
	paths := []string{result}
	if target, err := filepath.EvalSymlinks(result); err == nil {
		paths = append(paths, target)
	}
	for _, path := range paths {
		files = append(files, ledger.Beside(path)...)
		files = append(files, StateOf(path), StateOf(path)+".lock")
	}
	return files
}

func same(a, b string) bool {
	if filepath.Clean(a) == filepath.Clean(b) {
		return true
	}
	infoA, err := os.Stat(a)
	if err != nil {
		return false
	}
	infoB, err := os.Stat(b)
	return err == nil && os.SameFile(infoA, infoB)
}

// KeyVariable is the environment variable that may hold the API key.
const KeyVariable = "ETELECOM_API_KEY"

// ReadKey returns the API key: from the file if one is named, else from the environment.
func (c *Console) ReadKey(file string) (secret.Text, error) {
	if file == "" {
		key := strings.TrimSpace(os.Getenv(KeyVariable))
		if key == "" {
			return secret.Text{}, &Hinted{errors.New("no API key"), "put it into a file and name that with --api-key-file, or into the variable " + KeyVariable + "; --sandbox needs none"}
		}
		return secret.New(key), nil
	}
	f, err := os.Open(file)
	if err != nil {
		return secret.Text{}, fmt.Errorf("API key: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxKey+1))
	if err != nil {
		return secret.Text{}, fmt.Errorf("API key: %w", err)
	}
	key := strings.TrimRight(string(text), "\r\n")
	if key == "" || len(text) > maxKey {
		return secret.Text{}, &Hinted{fmt.Errorf("API key: %s holds no key: it has %d bytes", file, len(text)), "the file holds the key alone, on one line"}
	}
	c.warnReadable(f, "the API key")
	return secret.New(key), nil
}

const maxKey = 16 << 10

// WarnReadable warns where others on this machine can read a file with secrets.
func (c *Console) WarnReadable(path, what string) {
	if f, err := os.Open(path); err == nil {
		c.warnReadable(f, what)
		_ = f.Close()
	}
}

func (c *Console) warnReadable(f *os.File, what string) {
	const others = 0o004
	info, err := f.Stat()
	if err == nil && info.Mode().IsRegular() && readableMatters && info.Mode().Perm()&others != 0 {
		c.Warn(fmt.Sprintf("everybody on this machine can read %s, which holds %s: chmod 600 %s", f.Name(), what, Quote(f.Name())))
	}
}
