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
		return "etelecom-import, version unknown"
	}
	set := map[string]string{}
	for _, s := range info.Settings {
		set[s.Key] = s.Value
	}
	text := "etelecom-import " + info.Main.Version
	if revision := set["vcs.revision"]; revision != "" {
		text += message.Sprintf(" (%.12s of %s%s)", revision, set["vcs.time"], modified(set["vcs.modified"]))
	}
	return fmt.Sprintf("%s, %s, %s/%s", text, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// modified says that the files differed from the revision.
func modified(is string) string {
	if is == "true" {
		return ", modified"
	}
	return ""
}
