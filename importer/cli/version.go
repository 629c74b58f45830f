package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"etelecom-import/apiclient/message"
)

// version returns which version this is, as the Go toolchain has recorded it in the program.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return message.T("etelecom-import, version unknown")
	}
	text := "etelecom-import " + info.Main.Version
	switch revision := setting("vcs.revision"); {
	case revision == "":
	case setting("vcs.modified") == "true":
		text = message.Sprintf("%s (%.12s of %s, modified)", text, revision, setting("vcs.time"))
	default:
		text = message.Sprintf("%s (%.12s of %s)", text, revision, setting("vcs.time"))
	}
	return fmt.Sprintf("%s, %s, %s/%s", text, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// shortVersion returns the version alone, such as v1.2.3.
func shortVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "unknown"
	}
	return info.Main.Version
}

// setting returns what the Go toolchain has recorded under a key, such as vcs.time; "" for nothing.
func setting(key string) string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == key {
				return s.Value
			}
		}
	}
	return ""
}
