package cli

import (
	"etelecom-import/importer/console"
	"etelecom-import/importer/report"
)

// statusCommand shows what result and journal know.
type statusCommand struct {
	Result    string `arg:"" name:"RESULT.csv" help:"The result CSV of a run."`
	JSON      bool   `help:"Print one JSON object."`
	LogFormat string `default:"text" enum:"text,json" placeholder:"F" help:"text or json: the form of standard error."`
	Color     string `default:"auto" enum:"auto,always,never" placeholder:"C" help:"auto, always or never."`
}

func (c *statusCommand) run(p *Program) error {
	out := p.console(console.Options{JSON: c.JSON, Color: c.Color, LogFormat: c.LogFormat})
	s, err := report.ReadStatus(c.Result)
	if err != nil {
		out.Fail(err)
		return err
	}
	out.ShowStatus(s)
	return nil
}
