package cli

import "etelecom-import/importer/report"

// statusCommand shows what result and journal know.
type statusCommand struct {
	Result string    `arg:"" name:"RESULT.csv" complete:".csv" help:"The result CSV of a run."`
	JSON   bool      `help:"Print one JSON object."`
	Form   formFlags `embed:""`
}

func (c *statusCommand) run(p *Program) error {
	out := p.console(c.Form.options(c.JSON))
	s, err := report.ReadStatus(c.Result)
	if err != nil {
		err = explainResult(c.Result, err)
		out.Fail(err)
		return err
	}
	if err := out.ShowStatus(s); err != nil {
		out.Fail(err)
		return err
	}
	return nil
}
