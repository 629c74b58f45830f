package cli

import (
	"os"
	"strings"
)

// askedLogFormat returns the --log-format of a command line that may be wrong otherwise, or else that of the environment: what is
// wrong is told in the form that was asked for.
func askedLogFormat(args []string) (format string) {
	const flag, variable = "--log-format", "ETELECOM_LOG_FORMAT"
	format = os.Getenv(variable)
	for i, arg := range args {
		name, value, joined := strings.Cut(arg, "=")
		switch {
		case arg == "--": // flags end here
			return format
		case name != flag:
		case joined:
			format = value
		case i+1 < len(args):
			format = args[i+1]
		}
	}
	return format
}
