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

	"etelecom-import/importer/ledger/durable"
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
}

// IDs returns all ids. An address is none, since all companies of a partner share it.
func (o *Owner) IDs() (ids []string) {
	for _, id := range append([]string{o.ID}, o.Others...) {
		if id != "" && !isAddress(id) && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// Is reports whether the account is one of the owner's ids. Of an id that a spreadsheet has rounded, what is left must agree.
func (o *Owner) Is(account string) bool {
	return slices.ContainsFunc(o.IDs(), func(id string) bool { return sameAccount(id, account) })
}

func isAddress(id string) bool { return strings.Contains(id, "://") }

// names reports whether the owner is called so, be it by an address.
func (o *Owner) names(id string) bool {
	same := func(own string) bool { return sameAccount(own, id) || sameAccount(id, own) } // either can be a rounded one
	return id != "" && o.ID != "" && (same(o.ID) || slices.ContainsFunc(o.Others, same))
}

// Add takes in further ids of the same account.
func (o *Owner) Add(ids ...string) {
	for _, id := range ids {
		if id != "" && !o.names(id) {
			o.Others = append(o.Others, id)
		}
	}
}

// join takes in what else is known of the same owner. The newer key holds.
func (o *Owner) join(newer Owner) {
	o.Add(newer.ID)
	o.Add(newer.Others...)
	if newer.Key != "" {
		o.Key = newer.Key
	}
	for source, id := range newer.Told {
		if o.Told == nil {
			o.Told = map[string]string{}
		}
		o.Told[source] = id
	}
}

// Origin is a part of a ledger that says whose it is: result CSV and journal together, or one of them where nothing shows
// that both are of one account.
type Origin struct {
	Owner
	// Path names the file in messages.
	Path string

	ledger *Ledger
	part   part
}

type part uint8

const (
	whole part = iota
	resultAlone
	journalAlone
)

// Extensions yields the ids of extensions that this part has sent a call about, and whether it has assigned them: then the
// tenant had them for sure. What is meant for a row that is not done can have changed since.
func (o *Origin) Extensions() iter.Seq2[int64, bool] {
	return func(yield func(int64, bool) bool) {
		for _, e := range o.ledger.entries {
			fits := o.part == whole || (o.part == journalAlone) == e.unsaved // before the run begins, only the journal's are
			if fits && e.ExtensionID != 0 && (e.Attempts > 0 || e.Status >= Created) && !yield(e.ExtensionID, e.Status == Done) {
				return
			}
		}
	}
}

// Origins returns the parts of the ledger that say whose they are; none for a new one.
func (l *Ledger) Origins() []Origin { return l.origins }

// addJournal takes in what the journal's header says of its owner. was is the id in the result CSV when it was made.
func (l *Ledger) addJournal(o Owner, was string) {
	journal := Origin{Owner: o, Path: l.journalPath(), ledger: l, part: journalAlone}
	if len(l.origins) == 0 {
		journal.part = whole
		l.origins = []Origin{journal}
		return
	}
	result := &l.origins[0]
	if result.names(o.ID) || result.names(was) || slices.ContainsFunc(o.Others, result.names) || o.Key != "" && o.Key == result.Key {
		result.join(o)
		return
	}
	result.part = resultAlone
	l.origins = append(l.origins, journal)
}

// readOwner takes in what the file beside the result knows of its owner. One that does not name the account of the result
// belonged to another result, and says nothing.
func (l *Ledger) readOwner() error {
	if l.account == "" {
		return nil
	}
	result := Origin{Owner: Owner{ID: l.account}, Path: l.path, ledger: l}
	var beside Owner
	err := l.readFile(l.ownerPath(), func(r io.Reader) error {
		text, err := io.ReadAll(io.LimitReader(r, maxOwner))
		if err == nil && json.Unmarshal(text, &beside) != nil {
			beside = Owner{} // torn or somebody else's: what it says can be found out anew
		}
		return err
	})
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if beside.names(l.account) {
		result.join(beside)
		l.beside = beside
	}
	l.origins = []Origin{result}
	return nil
}

const maxOwner = 1 << 16

// writeOwner keeps, beside the result, what its column account_id has no room for. It comes before the result that it
// belongs to, so it names the accounts of both the old and the new one.
func (l *Ledger) writeOwner() error {
	needed := len(l.owner.Others) > 0 || isAddress(l.owner.ID)
	if !needed || l.beside.equal(l.owner) {
		return nil
	}
	text, err := json.Marshal(&l.owner)
	if err == nil {
		err = durable.Replace(l.fs, l.ownerPath(), func(w io.Writer) error {
			_, err := w.Write(append(text, '\n'))
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("%s: %w", l.ownerPath(), err)
	}
	l.beside = l.owner
	return nil
}

func (o *Owner) equal(other Owner) bool {
	return o.ID == other.ID && o.Key == other.Key && slices.Equal(o.Others, other.Others) && maps.Equal(o.Told, other.Told)
}
