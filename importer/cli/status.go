package cli

import (
	"path/filepath"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/console"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/report"
)

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
		if missing := lookForFile(c.Result); missing != nil {
			err = hint.With(missing, hint.Of(err))
		}
		if meant := c.meant(); meant != "" {
			err = hint.With(err, message.Sprintf("did you mean %s?", console.Quote(meant)))
		}
		out.Fail(err)
		return err
	}
	if err := out.ShowStatus(s); err != nil {
		out.Fail(err)
		return err
	}
	return nil
}

// meant returns the result that is probably meant by the name of something else: the result of an employee file, or one in the same
// folder; "" if there is none.
func (c *statusCommand) meant() string {
	for _, sandbox := range []bool{false, true} {
		if result, err := resultPath(c.Result, sandbox); err == nil && exists(result) && result != c.Result {
			return result
		}
	}
	dir, name := filepath.Split(c.Result)
	if exists(c.Result) || !speakable(c.Result) {
		return ""
	}
	results := filesIn(dir, isResultName)
	if meant := similar(name, results); meant != "" {
		return dir + meant
	}
	if len(results) == 1 {
		return dir + results[0]
	}
	return ""
}
