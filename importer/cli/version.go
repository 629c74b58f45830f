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
	set := map[string]string{}
	for _, s := range info.Settings {
		set[s.Key] = s.Value
	}
	text := "etelecom-import " + info.Main.Version
	switch revision := set["vcs.revision"]; {
	case revision == "":
	case set["vcs.modified"] == "true":
		text = message.Sprintf("%s (%.12s of %s, modified)", text, revision, set["vcs.time"])
	default:
		text = message.Sprintf("%s (%.12s of %s)", text, revision, set["vcs.time"])
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
