// Etelecom-import gives every employee in a CSV an eTelecom user and a phone extension.
package main

import (
	"context"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"etelecom-import/importer/cli"
)

func main() {
	cli.DisableCoreDumps()
	signal.Ignore(syscall.SIGPIPE) // output that nobody reads is dropped, and the run continues
	unsetEmpty()
	p := &cli.Program{Args: os.Args, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Exit: os.Exit}
	os.Exit(p.Run(context.Background()))
}

// unsetEmpty makes the program's variables that are empty count as not set: a flag then has its default.
func unsetEmpty() {
	for _, variable := range os.Environ() {
		if name, value, _ := strings.Cut(variable, "="); value == "" && strings.HasPrefix(name, "ETELECOM_") {
			os.Unsetenv(name)
		}
	}
}
