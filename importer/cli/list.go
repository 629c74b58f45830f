package cli

import (
	"context"
	"io"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/console"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/listing"
	"etelecom-import/importer/newfile"
)

// listCommand writes the tenant's users as an employee file, or its free extensions.
type listCommand struct {
	Tenant tenantFlags `embed:""`
	Output string      `short:"o" placeholder:"FILE" complete:".csv .xlsx" help:"The new file, .csv or .xlsx. None: print a CSV."`
	Free   bool        `help:"List the extensions that no user has, not the users."`
	Quiet  bool        `short:"q" help:"Print nothing but the list, unless there is a problem."`
	Form   formFlags   `embed:""`
}

// run reads the tenant, and writes the list once it is whole. Nothing is written before.
func (c *listCommand) run(ctx context.Context, p *Program) error {
	o := c.Form.options(false)
	o.Quiet = c.Quiet
	out := p.console(o)
	ctx, restore := notifyContext(ctx, func() {}, p.ending.now)
	defer restore()
	write, err := c.prepare()
	if err != nil {
		out.Fail(err)
		return err
	}
	table, facts, err := c.read(ctx, p, out)
	if err != nil {
		if ctx.Err() != nil {
			err = hint.With(err, message.T("nothing was written"))
		}
		out.Fail(err)
		return err
	}
	for _, text := range facts.Warnings() {
		out.Warn(text)
	}
	if !c.Free { // the notes are on rows of users
		for _, text := range facts.Notes() {
			out.Note(text)
		}
	}
	whole := func(w io.Writer) error { return write(table, w) }
	if c.printed() {
		defer context.AfterFunc(ctx, func() { p.ending.now(context.Cause(ctx)) })() // nobody may be reading
		err = p.print(out, whole)
	} else if err = newfile.Create(c.Output, whole); err != nil {
		out.Fail(err)
	}
	if err == nil {
		out.ShowListed(c.Output, facts, c.Free)
	}
	return err
}

// printed reports whether the list goes to standard output.
func (c *listCommand) printed() bool { return c.Output == "" || c.Output == stdinName }

// prepare finds out what can be wrong with the file, and returns what writes it.
func (c *listCommand) prepare() (write func(*listing.Table, io.Writer) error, err error) {
	write = (*listing.Table).WriteCSV
	if c.printed() {
		return write, checkDistinct("", c.Tenant.Key.File, "", c.Tenant.Trace)
	}
	isWorkbook, err := isWorkbookName(c.Output)
	if err != nil {
		return nil, err
	}
	if isWorkbook {
		write = (*listing.Table).WriteWorkbook
	}
	if err := checkDistinct("", c.Tenant.Key.File, "", c.Tenant.Trace, c.Output); err != nil {
		return nil, err
	}
	return write, newfile.Check(c.Output)
}

// read reads both listings to their ends, and tells whose they are.
func (c *listCommand) read(ctx context.Context, p *Program, out *console.Console) (*listing.Table, *listing.Facts, error) {
	tuneGCForListing()
	d, now, err := c.Tenant.directory(ctx, p, out)
	if err != nil {
		return nil, nil, err
	}
	if c.Free {
		return listing.Free(d, now), listing.Look(d, now), nil
	}
	return listing.People(d, now), listing.Look(d, now), nil
}
