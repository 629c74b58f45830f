// Etelecom-import gives every employee of a list an eTelecom user and a phone extension.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"etelecom-import/importer/cli"
)

func main() {
	cli.DisableCoreDumps()
	signal.Ignore(syscall.SIGPIPE) // output that nobody reads is dropped, and the run continues
	p := &cli.Program{Args: os.Args, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Exit: os.Exit}
	os.Exit(p.Run(context.Background()))
}
