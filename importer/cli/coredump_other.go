//go:build !unix

package cli

// DisableCoreDumps does nothing where there are no core files.
func DisableCoreDumps() {}
