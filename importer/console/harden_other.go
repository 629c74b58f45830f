//go:build !unix

package console

// NoCore does nothing where there are no core files.
func NoCore() {}
