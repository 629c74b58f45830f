package ledger

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"slices"
	"strings"
)

// Owner says whose a ledger is: by which ids the tenant's account is known, and with which key it was last worked on.
// The zero value says nothing.
type Owner struct {
	// ID is the one that the column account_id of the result holds: an id of the account, or the address of the API where
	// the tenant did not tell any.
	ID string `json:"account"`
	// Others are further ids of the same account.
	Others []string `json:"others,omitempty"`
	// Told are ids by what told them, as the caller names it.
	Told map[string]string `json:"told,omitempty"`
	// Key is a fingerprint of the API key, together with the address; "" where it is not known.
	Key string `json:"key,omitempty"`
	// Input is the name of the employee file that the ledger was last worked on with, without its folder; "" where it has none,
	// or where an earlier version did that.
	Input string `json:"input,omitempty"`
}

// IDs returns all ids. An address is not among them, since all companies of a partner share it.
func (o *Owner) IDs() (ids []string) {
	for _, id := range append([]string{o.ID}, o.Others...) {
		if id != "" && !isAddress(id) && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// Is reports whether the account is one of the owner's ids. Of an id that a spreadsheet has rounded, the digits that are left
// must agree.
func (o *Owner) Is(account string) bool {
	return slices.ContainsFunc(o.IDs(), func(id string) bool { return sameAccount(id, account) })
}

func isAddress(id string) bool { return strings.Contains(id, "://") }

// names reports whether the owner has this id, or this address in place of one.
func (o *Owner) names(id string) bool {
	same := func(own string) bool { return sameAccount(own, id) || sameAccount(id, own) } // either can be a rounded one
	if id == "" || o.ID == "" {
		return false
	}
	return same(o.ID) || slices.ContainsFunc(o.Others, same)
}

// Add adds further ids of the same account.
func (o *Owner) Add(ids ...string) {
	for _, id := range ids {
		if id != "" && !o.names(id) {
			o.Others = append(o.Others, id)
		}
	}
}

// join adds what else is known of the same owner. The newer key is kept.
func (o *Owner) join(newer Owner) {
	o.Add(newer.ID)
	o.Add(newer.Others...)
	if newer.Key != "" {
		o.Key = newer.Key
	}
	if newer.Input != "" {
		o.Input = newer.Input
	}
	for source, id := range newer.Told {
		if o.Told == nil {
			o.Told = map[string]string{}
		}
		o.Told[source] = id
	}
}

// equal reports whether both say the same.
func (o *Owner) equal(other Owner) bool {
	sameIDs := o.ID == other.ID && slices.Equal(o.Others, other.Others)
	sameFile := o.Key == other.Key && o.Input == other.Input
	return sameIDs && sameFile && maps.Equal(o.Told, other.Told)
}

// Origin is a part of a ledger that says whose it is: result CSV and journal together, or one of them where nothing shows
// that both are of one account.
type Origin struct {
	Owner
	// Path names the file in messages.
	Path string

	entries *entries
	part    part
}

type part uint8

const (
	whole part = iota
	resultAlone
	journalAlone
)

// Extensions yields the ids of extensions that this part has sent a call about, and whether it has assigned them: so the
// tenant had them. What is meant for a row that is not done may have changed since.
func (o *Origin) Extensions() iter.Seq2[int64, bool] {
	return func(yield func(int64, bool) bool) {
		for e := range o.entries.all() {
			fits := o.part == whole || (o.part == journalAlone) == e.unsaved // before the run begins, only the journal's are unsaved
			sent := e.Attempts > 0 || e.Status >= Created
			if !fits || !sent || e.ExtensionID == 0 {
				continue
			}
			if !yield(e.ExtensionID, e.Status == Done) {
				return
			}
		}
	}
}

// withJournal takes in the origin of the journal, with what the journal's header says of its owner. resultAccount is the id that the
// result CSV had when the journal was made. It returns the origins of both: one, if anything shows that both are of one account.
func (o *Origin) withJournal(journal Origin, resultAccount string) []Origin {
	sharesID := o.names(journal.ID) || o.names(resultAccount) || slices.ContainsFunc(journal.Others, o.names)
	sharesKey := journal.Key != "" && journal.Key == o.Key
	if sharesID || sharesKey {
		o.Owner.join(journal.Owner)
		return []Origin{*o}
	}
	o.part, journal.part = resultAlone, journalAlone
	return []Origin{*o, journal}
}

// accountFile is the file beside the result that holds what its column account_id has no room for.
type accountFile struct {
	owner Owner // that the file names; the zero value if there is none, or if it is of another result
}

// maxAccountFile is how many bytes of the file are read.
const maxAccountFile = 1 << 16

// read reads the file. One that does not name the account of the result belonged to another result, and is ignored.
func (f *accountFile) read(files *folder, resultAccount string) error {
	var owner Owner
	err := files.read(files.account(), func(r io.Reader) error {
		text, err := io.ReadAll(io.LimitReader(r, maxAccountFile))
		if err == nil && json.Unmarshal(text, &owner) != nil {
			owner = Owner{} // torn, or somebody else's: what it says can be found out again
		}
		return err
	})
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if owner.names(resultAccount) {
		f.owner = owner
	}
	return nil
}

// write writes the file, if the owner has more to say than the column holds and the file does not say it yet. It comes before
// the result that it belongs to, so it names the accounts of both the old and the new one.
func (f *accountFile) write(files *folder, owner Owner) error {
	needed := len(owner.Others) > 0 || isAddress(owner.ID) || owner.Input != ""
	if !needed || f.owner.equal(owner) {
		return nil
	}
	text, err := json.Marshal(&owner)
	if err == nil {
		err = files.replace(files.account(), func(w io.Writer) error {
			_, err := w.Write(append(text, '\n'))
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("%s: %w", files.account(), err)
	}
	f.owner = owner
	return nil
}
