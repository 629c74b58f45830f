package simulation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"etelecom-import/importer"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/verify"
)

// verifyResult compares the result with the tenant at the end of a history, and what it says of each row with the tenant's own record.
func verifyResult(w *world) {
	if len(w.oracle.lines) == 0 || w.text("") == "" {
		return
	}
	time.Sleep(settle) // everybody is listed
	w.tell(false)
	p := &process{world: w, disk: w.disk, open: map[*inode]int{}, kill: func() {}, tenant: w.tenant}
	in := w.input(p, p, nil)
	before, writes := w.result(), w.tenant.Totals().Writes
	find := func() (v *verify.Verification, err error) {
		for range 10 { // the API may be down for a while
			v, err = verify.Run(context.Background(), verify.Input{
				Client: in.Client, BaseURL: in.BaseURL, FS: p, Result: in.Result, Account: w.options.Account, Settle: settle,
			})
			var stop *importer.Stop
			if isDown := errors.As(err, &stop) && stop.Kind == importer.Unavailable; !isDown {
				break
			}
		}
		return v, err
	}
	v, err := find()
	if errors.Is(err, importer.ErrOtherAccount) && w.options.Account == "" {
		w.options.Account = importer.WantedAccount(w.told[1])
		v, err = find()
	}
	if err != nil {
		w.broke("verify: %v", err)
		return
	}
	if w.result() != before || w.tenant.Totals().Writes != writes || w.disk.holder != nil {
		w.broke("verify has changed something")
	}
	rows := 0
	err = ledger.ReadLines(strings.NewReader(before), func(number int, l *ledger.Line) error {
		if _, err := strconv.Atoi(l.Line); err != nil {
			return nil
		}
		if rows++; l.Status != "done" {
			return nil
		}
		var got []string
		for _, f := range v.Findings {
			if f.Number == number && f.Kind != verify.Told {
				got = append(got, f.Code)
			}
		}
		slices.Sort(got)
		if want := differences(w, l); !slices.Equal(got, want) {
			w.broke("verify says %q of %+v, and it is %q", got, *l, want)
		}
		return nil
	})
	if err != nil || v.Rows() < rows {
		w.broke("verify has %d of %d rows: %v", v.Rows(), rows, err)
	}
	w.note("verify: %+v", v.Counts)
}

// differences returns the codes of what is not as a row that is done says, by the tenant's own record and by what its listings show.
func differences(w *world, l *ledger.Line) (codes []string) {
	p, _ := w.tenant.Person(l.Phone)
	id, _ := strconv.ParseInt(l.ExtensionID, 10, 64)
	line, _ := w.tenant.Line(id)
	isListed := p.Member && fmt.Sprint(p.ID) == l.UserID && !w.hidden[l.Phone]
	isTheirs := fmt.Sprint(line.User) == l.UserID
	switch {
	case w.options.Blind:
		codes = append(codes, reason.CannotCompare)
		isListed = true
	case !isListed:
		codes = append(codes, reason.UserGone)
	case w.masked[l.Phone]:
		codes = append(codes, reason.CannotCompare)
	}
	// A row that is done, and that was refused since, no longer says that its extension had expired.
	isOver := !line.ExpiresAt.IsZero() && line.ExpiresAt.Before(time.Now().AddDate(0, 0, -2))
	isExpired := (line.State == "N" || isOver) && !ledger.HasCode(l.ErrorCode, reason.ExtensionExpired)
	switch {
	case isTheirs && isListed && isExpired:
		codes = append(codes, reason.ExtensionExpired)
	case isTheirs:
	case line.User == 0 && isListed:
		codes = append(codes, reason.ExtensionFree)
	case line.User != 0:
		codes = append(codes, reason.ExtensionMoved)
	}
	slices.Sort(codes)
	return codes
}
