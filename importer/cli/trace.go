package cli

import (
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/console"
	"etelecom-import/importer/console/layout"
	"etelecom-import/importer/report"
)

// tracedClient returns a client whose calls are traced into a file. Without a path nothing is traced. The file is made once the
// settings of the client are known to be right.
func tracedClient(cfg apiclient.Config, path string, out *console.Console) (*apiclient.Client, *report.Trace, error) {
	var trace *report.Trace // before the first call
	if path != "" {
		cfg.OnExchange = func(x *apiclient.Exchange) { trace.Record(x) }
	}
	client, err := apiclient.New(cfg)
	if err != nil || path == "" {
		return client, nil, err
	}
	head := report.TraceHead{Time: time.Now(), Version: version(), BaseURL: cfg.BaseURL}
	trace, err = report.NewTrace(path, head, func(failed error) {
		out.Warn(message.Sprintf("%v. The command continues without it", failed))
	})
	if err != nil {
		return nil, nil, coded(report.UnwritableReport, err)
	}
	out.Note(message.Sprintf("the trace %s holds names and phones of people. It holds no password and no key", layout.OneLine(path)))
	return client, trace, nil
}
