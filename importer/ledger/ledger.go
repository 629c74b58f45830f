// Package ledger remembers what has been done for each employee, across runs, crashes and spreadsheets.
//
// It consists of two main files. The result CSV is what people see and what a later run starts from. It is replaced as a whole
// at the end of a run that has changed something. The journal is beside it during a run, and afterwards as long as it is not
// known what some create did. Every step is appended to the journal. An intent announces one create: it is durable in the
// journal before the first byte of that create is sent. A third file holds the lock. A fourth file holds those ids of the
// account for which the result has no column.
//
// The package knows phones, ids and statuses; it knows nothing of the roster and nothing of HTTP. Where to look for what:
// [Ledger] is the sequence of a run, [Entry] is what is known of one phone, [Row] what result and journal know of one row, for those who
// only read ([ReadRows]). An extension that was chosen for a phone is recorded before it is assigned ([Ledger.RecordChosen]), and whether
// this job made a user is kept for good ([Entry.MadeHere]). The result CSV is read and written in result.go;
// what the records of the journal say is in records.go, how they become durable in package journal.
package ledger

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"time"

	"etelecom-import/apiclient/message"
	"etelecom-import/importer/hint"
	"etelecom-import/importer/ledger/durable"
	"etelecom-import/importer/ledger/journal"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/reason"
)

// ErrRefused says that the files cannot be taken as a ledger: they are damaged, do not belong together, or are something
// else. Nothing has been changed. The error says what was found, and has a hint.
var ErrRefused = message.New("the result is refused")

// ErrNotWritable says that a file of the ledger cannot be written; the wrapped error says which and why.
var ErrNotWritable = message.New("the result file cannot be written")

// ErrWrongPlace says that the result can never be written where it is to be: its folder is not there, this user has no right to write
// in it, or the name is not possible. [Open] has found it, so nothing was sent. The error is an [ErrNotWritable], too.
var ErrWrongPlace = message.New("the result file cannot be there")

// Lasting reports whether a file that cannot be written for this reason cannot be written later either, until a person has done
// something about its folder or its name.
func Lasting(err error) bool { return durable.Lasting(err) }

// ErrLocked says that another process holds the lock. The error that [Open] returns says which one.
var ErrLocked = durable.ErrLocked

// ErrPanic says that the journal has a bug, which has ended it as a failed write does.
var ErrPanic = journal.ErrPanic

// The file system that a ledger is in is [durable]'s. Callers of this package need no other name for it.
type (
	FS   = durable.FS
	File = durable.File
	Lock = durable.Lock
	OS   = durable.OS
)

// Ledger holds the entries of one result CSV and its journal. Its methods may be called from several goroutines as long as no
// two of them work on the same entry.
//
// The life of one is: [Read] or [Open]; [Ledger.Begin] before the first step that must be durable; the steps of each entry;
// [Ledger.Finish]; [Ledger.Close].
type Ledger struct {
	files   *folder
	entries *entries
	read    time.Time // when the files were read, by this process's clock

	result      resultFile
	accountFile accountFile
	origins     []Origin
	owner       Owner // the first origin's, and of this run from Begin on

	hasJournal bool            // there was a journal when the files were read, or there is one after Finish
	journal    *journal.Writer // nil before Begin, and after a Finish that succeeded
	unsynced   unsynced
}

// Read loads the ledger of a result CSV without a lock, and writes nothing.
func Read(fs FS, result string) (*Ledger, error) {
	files, err := openFolder(fs, result)
	if err != nil {
		return nil, err
	}
	l := &Ledger{files: files, entries: newEntries()}
	return l, l.load()
}

// Open takes the lock of a result CSV, on which it leaves the name of the holder, and loads the ledger. The error is an
// [ErrLocked] if another process has the lock.
func Open(fs FS, result string, holder Process) (*Ledger, error) {
	files, err := openFolder(fs, result)
	if err != nil {
		return nil, err
	}
	err = files.takeLock(holder)
	switch {
	case errors.Is(err, ErrLocked), errors.Is(err, ErrRefused):
		return nil, fmt.Errorf("%s: %w", files.result, err)
	case err != nil:
		return nil, files.unusable(err)
	}
	l := &Ledger{files: files, entries: newEntries()}
	if err := l.loadLocked(); err != nil {
		if !errors.Is(err, ErrRefused) && !errors.Is(err, ErrNotWritable) {
			err = hint.With(err, message.T("nothing was sent or changed. Run the same command again once the file can be read"))
		}
		return nil, errors.Join(err, files.unlock())
	}
	return l, nil
}

// loadLocked loads the files under the lock and names this run in the lock file.
func (l *Ledger) loadLocked() error {
	interrupted, err := l.files.previousHolder()
	if err != nil {
		return err
	}
	if err := l.files.checkUnused(); err != nil { // before load, which such a program may not allow either
		return l.files.notWritable(err)
	}
	if err := l.load(); err != nil {
		return err
	}
	if err := l.files.checkWritable(); err != nil {
		return l.files.unusable(err)
	}
	if interrupted.Journal && !l.hasJournal {
		return hint.With(message.Errorf("%w: an interrupted run (%s) has left a journal, %s, which is gone", ErrRefused, interrupted.by(), l.files.journal()),
			message.Sprintf("put it back. If it is lost for good, delete %s. Then creates without an answer may be sent a second time", l.files.lockFile()))
	}
	// A rename by a process that was killed may not be durable yet. A power cut could undo it, so neither the lock file nor a
	// new journal may refer to the renamed file before this.
	// rule: found-durable
	if l.result.exists || l.hasJournal {
		if err := l.files.sync(); err != nil {
			return l.files.unusable(err)
		}
	}
	if err := l.files.nameHolder(l.hasJournal); err != nil {
		return l.files.unusable(err)
	}
	return nil
}

// load reads the result CSV, the file of the account, and the journal over both.
func (l *Ledger) load() error {
	l.read = time.Now()
	if err := l.result.read(l.files, l.entries); err != nil {
		return err
	}
	if l.result.account != "" {
		if err := l.accountFile.read(l.files, l.result.account); err != nil {
			return err
		}
		o := Origin{Owner: Owner{ID: l.result.account}, Path: l.files.result, entries: l.entries}
		if l.accountFile.owner.ID != "" {
			o.Owner.join(l.accountFile.owner)
		}
		l.origins = []Origin{o}
	}
	err := l.files.read(l.files.journal(), l.readJournal)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	l.hasJournal = err == nil
	if len(l.origins) > 0 {
		l.owner = l.origins[0].Owner
	}
	l.entries.reopenUnknown()
	if err := l.entries.checkUniqueIDs(); err != nil {
		return fmt.Errorf("%s: %w", l.files.result, err)
	}
	return nil
}

// readJournal reads the records of the journal over what the result CSV says.
func (l *Ledger) readJournal(r io.Reader) error {
	var (
		known   = interner{}
		decoder decoder
		first   uint64 // how many records the journal was made with; 0 before the header
	)
	records, err := journal.Replay(r, func(data []byte) error {
		r, err := decoder.decode(data)
		switch {
		case err != nil, (r.Run != nil) != (first == 0):
			// The checksum is right, so a program has written this record: no version of this one did.
			return journal.ErrDamaged
		case r.Run != nil:
			first = 1 + uint64(r.Run.Carried)
			return l.readHeader(r.Run)
		case r.Creating != nil:
			l.GetOrAdd(r.Creating.Phone).mergeIntent(r.Creating.Intent)
			return nil
		case r.Entry == nil:
			return journal.ErrDamaged // a record that says nothing, likewise
		}
		r.Entry.Code, r.Entry.Error, r.Entry.DamagedCreated = known.one(r.Entry.Code), known.one(r.Entry.Error), known.one(r.Entry.DamagedCreated)
		newer, ok := r.Entry.entry()
		if !ok {
			return journal.ErrDamaged
		}
		e := l.GetOrAdd(newer.Phone)
		l.entries.overtake(e)
		if err := e.mergeJournal(&newer); err != nil {
			return hint.With(fmt.Errorf("%w: %w", ErrRefused, err), message.T("restore one of the two from a copy"))
		}
		return nil
	})
	if err == nil && records < first {
		err = journal.ErrDamaged // no crash can lose the records that the journal began with: they were durable before it got its name
	}
	if errors.Is(err, journal.ErrDamaged) {
		return hint.With(fmt.Errorf("%w: %w", ErrRefused, err),
			message.Sprintf("restore it from a copy. If there is none, delete it and %s. Then creates without an answer may be sent a second time", l.files.lockFile()))
	}
	return err
}

// readHeader checks whether the journal can be read and belongs to the result CSV, and whose it is.
func (l *Ledger) readHeader(h *headerRecord) error {
	switch {
	case h.Version < 1 || h.Version > journalVersion:
		return hint.With(message.Errorf("%w: the journal has format %d, and this program reads up to format %d", ErrRefused, h.Version, journalVersion),
			message.T("use the version that wrote it"))
	case h.HasResult && !l.result.exists:
		return hint.With(message.Errorf("%w: the result file %s was there when this journal was made, and is gone", ErrRefused, l.files.result),
			message.Sprintf("put it back. If it is lost for good, delete the journal and %s. Then creates without an answer may be sent a second time", l.files.lockFile()))
	}
	o := Origin{Owner: Owner{ID: h.Account, Others: h.Others, Told: h.Told, Key: h.Key, Input: h.Input}, Path: l.files.journal(), entries: l.entries}
	if len(l.origins) == 0 {
		l.origins = []Origin{o}
	} else {
		l.origins = l.origins[0].withJournal(o, h.ResultAccount)
	}
	return nil
}

// Reckon gives the ledger the current time, right after the files were read. From it the ledger works out how long ago the
// open creates of earlier runs were sent.
func (l *Ledger) Reckon(now Moment) {
	l.read = now.Here
	for e := range l.entries.all() {
		if e.Open() {
			e.reckon(now)
		}
	}
}

// Path returns the path of the result CSV, a symbolic link resolved.
func (l *Ledger) Path() string { return l.files.result }

// HasJournal reports whether there was a journal when the ledger was read: a run is under way or was interrupted, or the
// outcome of a create is not known.
func (l *Ledger) HasJournal() bool { return l.hasJournal }

// LockHolder returns who has the lock of the ledger's result CSV, and if it waits for an answer. After a crash of the process or the
// machine, it returns who had the lock. If the last run ended normally, it returns nobody. It takes no lock. running says that a
// process with that number exists. For a process on another machine this is not known, and running is false.
func (l *Ledger) LockHolder() (by Holder, running bool) {
	holder := l.files.currentHolder()
	running = holder.held && holder.running()
	holder.Waiting = holder.Waiting && running
	return Holder{holder}, running
}

// CutOff reports whether the last run did not come to its end, and none is on. A run that ends keeps its journal only for creates whose
// outcome is not known.
func (l *Ledger) CutOff() bool {
	holder, running := l.LockHolder()
	isLeft := l.hasJournal && l.OpenCreates() == 0
	return !running && (holder.String() != "" || isLeft)
}

// Origins returns the parts of the ledger that say whose they are; none for a new one.
func (l *Ledger) Origins() []Origin { return l.origins }

// Input returns the name of the employee file that the ledger was last worked on with, without its folder; "" if it is not known.
func (l *Ledger) Input() string { return l.owner.Input }

// Account returns the id of the account that the result CSV names, or else the journal; "" for a new ledger.
func (l *Ledger) Account() string {
	if len(l.origins) == 0 {
		return ""
	}
	return l.origins[0].ID
}

// GetOrAdd returns the entry of a phone, a new one if there was none. New entries may be made by one goroutine at a time, and
// not while others look entries up.
func (l *Ledger) GetOrAdd(p phone.Number) *Entry { return l.entries.getOrAdd(p) }

// Lookup returns the entry of a phone, or nil.
func (l *Ledger) Lookup(p phone.Number) *Entry { return l.entries.lookup(p) }

// Entries yields all entries, in no particular order.
func (l *Ledger) Entries() iter.Seq[*Entry] { return l.entries.all() }

// OpenCreates returns how many entries have a create whose outcome is not known.
func (l *Ledger) OpenCreates() int { return l.entries.open() }

// HasResult reports whether there was a result CSV. Without one, the ledger has only those whom an interrupted run had begun with.
func (l *Ledger) HasResult() bool { return l.result.exists }

// AsListed returns an entry as the last result CSV has it, whatever an interrupted run has left in the journal since; nil if it is not
// on a row of the employee file there. It is for use before the run changes entries.
func (l *Ledger) AsListed(e *Entry) *Entry {
	if e == nil || !e.listed {
		return nil
	}
	if before := l.entries.overtaken[e.Phone]; before != nil {
		return before
	}
	return e
}

// TellsCreated reports whether the result CSV, as it was read, could say who was created by this job: an older version has written none of it
// down. Without a result, the journal says it.
func (l *Ledger) TellsCreated() bool { return l.result.tellsCreated || !l.result.exists }

// Line returns the entry as a line of the result CSV. The caller fills in what only the roster knows.
func (l *Ledger) Line(e *Entry) Line {
	line := lineOf(e)
	line.AccountID = l.owner.ID
	return line
}

// Reported returns what the result CSV shows of rows with an error code. Nothing of it is taken yet.
func (l *Ledger) Reported() *Reported {
	return newReported(l.result.shown)
}

// Fingerprint returns the fingerprint of a line, to ask [Reported.Take] for.
func (l *Ledger) Fingerprint(line *Line) Fingerprint {
	return Fingerprint(printOf(l.result.lines.Seed(), line))
}

// SettlesFrom returns the moment from which the settle time of an entry counts, by this process's clock: when the newest create
// of its phone was sent, or when its user's id was recorded. It may be later than that, and never earlier. If nothing tells when
// that was, it is when the ledger was read: an earlier run did it.
func (l *Ledger) SettlesFrom(e *Entry) time.Time {
	if since := e.detail().settlesFrom; !since.IsZero() {
		return since
	}
	return l.read
}

// Begin puts a new journal in place, durably; from then on intents can be taken. The journal holds what the result CSV does
// not have yet: the entries of a journal that an interrupted run has left. It also
// detects a result that Finish could not replace, before anything is sent. Called again, Begin does nothing.
func (l *Ledger) Begin(owner Owner) error {
	if l.journal != nil {
		return nil
	}
	l.owner = owner
	if err := l.begin(); err != nil {
		return l.files.notWritable(err)
	}
	return nil
}

func (l *Ledger) begin() error {
	if l.result.exists { // if there is none, writing the journal shows whether a new file can get its name here
		if err := l.files.checkReplaceable(); err != nil {
			return err
		}
	}
	if err := l.accountFile.write(l.files, l.owner); err != nil {
		return err
	}
	write, records := l.journalSnapshot()
	f, err := durable.ReplaceOpen(l.files.fs, l.files.journal(), write)
	if err != nil {
		return err
	}
	// Only now, when the journal is durable: a journal that is missing while the lock file names one has been lost.
	if err := l.files.nameHolder(true); err != nil {
		return errors.Join(err, f.Close())
	}
	l.journal = journal.NewWriter(f, *records)
	return nil
}

// journalSnapshot returns what writes a journal that holds what the result CSV does not. records is how many records it has written,
// once it has.
func (l *Ledger) journalSnapshot() (write func(io.Writer) error, records *uint64) {
	carried := l.entries.carried()
	header := &headerRecord{
		Version: journalVersion, Account: l.owner.ID, HasResult: l.result.exists, Carried: len(carried), ResultAccount: l.result.account,
		Others: l.owner.Others, Told: l.owner.Told, Key: l.owner.Key, Input: l.owner.Input,
	}
	records = new(uint64)
	return func(w io.Writer) (err error) {
		*records, err = writeSnapshot(w, header, carried)
		return err
	}, records
}

// BeginCreate takes the intent of one create: when it returns without an error, the intent is durable, and the create may be sent
// once. sent is the latest moment at which that can be, and server is the latest time that the server's clock can show then.
// The attempt that it returns names the intent.
func (l *Ledger) BeginCreate(e *Entry, sent Moment, server time.Time) (attempt int, err error) {
	intent := Intent{Attempt: e.Attempts + 1, At: unix(server)}
	if sent.Boot != "" {
		intent.Boot, intent.Up = sent.Boot, (sent.Up + time.Millisecond - 1).Milliseconds()
	}
	// rule: intent-first
	if err := l.append(record{Creating: &intentRecord{e.Phone, intent}}, nil, true); err != nil {
		return 0, err
	}
	d := e.detail()
	d.intents, d.settlesFrom = append(slices.Clip(d.intents), intent), laterOf(l.SettlesFrom(e), sent.Here)
	e.setDetail(d)
	e.Attempts++
	e.Status, e.Updated, e.unsaved = Unknown, intent.At, true
	return e.Attempts, nil
}

// BeginAssign counts one assign that is about to be sent. Of an extension that was chosen, it returns when it is durable which one it is:
// what becomes of the assign, a later run must find this row with this extension.
func (l *Ledger) BeginAssign(e *Entry) error {
	e.Attempts++
	if !e.Chosen {
		return l.Err()
	}
	e.unsaved = true
	// rule: choice-first
	return l.append(record{Entry: recordOf(e)}, e, true)
}

// Want records which extension the row of the entry names. It is not appended to the journal by itself.
func (l *Ledger) Want(e *Entry, name string, extension int64, number string) {
	e.Name = name
	e.setExtension(extension, number)
	e.Chosen = false
}

// RecordChosen records the extension that was chosen for a row that names none. It does not wait for the disk: [Ledger.Begin] and
// [Ledger.BeginAssign] do.
func (l *Ledger) RecordChosen(e *Entry, name string, extension int64, number string, now time.Time) {
	e.Name = name
	e.setExtension(extension, number)
	e.Chosen = true
	code, why := e.Reason()
	if HasCode(code, reason.ExtensionUnconfirmed) { // of another extension
		code, why = "", ""
	}
	l.SetReason(e, code, why, now)
}

// RecordCreated records the id of the entry's user. It settles every open create of the phone: if there is one, it made the user,
// unless it replaced the password of one who was there before.
func (l *Ledger) RecordCreated(e *Entry, user int64, replaced bool, now time.Time) {
	if e.Open() {
		e.mergeCreation(&Entry{CreatedAt: now.Unix(), Replaced: replaced})
	}
	e.UserID, e.damagedUser = user, false
	d := e.detail()
	d.intents, d.settlesFrom = nil, time.Now()
	e.setDetail(d)
	e.Exists = false
	e.Status = max(e.Status, Created)
	l.SetReason(e, "", "", now)
}

// RecordDone records that the user has the extension. code and why say what there is to tell of it all the same; empty for nothing.
func (l *Ledger) RecordDone(e *Entry, extension int64, number, code, why string, now time.Time) {
	e.setExtension(extension, number)
	e.setSettlesFrom(time.Time{})
	e.Status = Done
	l.SetReason(e, code, why, now)
}

// RecordReplaced records that the user, who is in the ledger as created or done, was there before and has another password now.
func (l *Ledger) RecordReplaced(e *Entry, now time.Time) {
	e.mergeCreation(&Entry{Replaced: true})
	code, why := e.Reason()
	l.SetReason(e, code, why, now)
}

// RecordNotApplied records that the create of one attempt was answered, and did nothing. An earlier one may still be open.
func (l *Ledger) RecordNotApplied(e *Entry, attempt int, status Status, code, why string, now time.Time) {
	e.removeIntent(attempt)
	e.Status = status
	if e.Open() {
		e.Status = Unknown
	}
	l.SetReason(e, code, why, now)
}

// RecordExists records that the create of one attempt was refused by a check that comes after the password is set. It returns
// when that is durable: without it, a later run would take the user for one that this job made, or send the create again.
func (l *Ledger) RecordExists(e *Entry, attempt int, code, why string, now time.Time) error {
	e.removeIntent(attempt)
	e.setSettlesFrom(time.Now()) // an earlier create that is still open must have had its time since this answer
	e.Exists = true
	e.Status = Failed
	if e.Open() {
		e.Status = Unknown
	}
	return l.save(e, code, why, now, true)
}

// SetReason records the reason for the entry's status, and does not change the status. It does not wait for the disk: the record
// becomes durable with a later intent. [Ledger.Err] says whether the journal has failed.
func (l *Ledger) SetReason(e *Entry, code, why string, now time.Time) {
	_ = l.save(e, code, why, now, false)
}

// save changes the entry's reason and appends its state to the journal, if there is one: a run that sends nothing has none,
// and its findings are in the result CSV alone. With sync, it returns when that is durable.
func (l *Ledger) save(e *Entry, code, why string, now time.Time, sync bool) error {
	if e.Status == Done && e.Replaced && !HasCode(code, reason.PasswordReplaced) {
		code = JoinCodes(reason.PasswordReplaced, code) // a later run reads the fact from it
	}
	d := e.detail()
	d.code, d.why = code, why
	e.setDetail(d)
	e.Updated, e.unsaved = now.Unix(), true
	if n := len(d.intents); n > 0 {
		e.Updated = max(e.Updated, d.intents[n-1].At) // if the journal gets lost, this is all that tells the time of the intent
	}
	if l.journal == nil {
		return nil
	}
	return l.append(record{Entry: recordOf(e)}, e, sync)
}

// append appends a record to the journal; with sync, it returns when that is durable. e is the entry whose state the record
// holds; it is nil for an intent, since nothing is lost with an intent that was not taken.
func (l *Ledger) append(r record, e *Entry, sync bool) error {
	data, err := encode(r)
	var n uint64
	if err == nil {
		n, err = l.journal.Append(data.Bytes()[:data.Len()-1], sync) // without the line end
		encoded.Put(data)
	}
	if err != nil {
		n, err = never, l.files.notWritable(message.Errorf("journal: %w", err))
	}
	if e != nil {
		l.unsynced.add(n, e, l.journal.Durable())
	}
	return err
}

// Err returns the failure that ended the journal; nil while it works. After it nothing may be sent.
func (l *Ledger) Err() error {
	if l.journal == nil {
		return nil
	}
	if err := l.journal.Err(); err != nil {
		return l.files.notWritable(message.Errorf("journal: %w", err))
	}
	return nil
}

// Unpersisted returns the entries, sorted by phone, whose last state is in no file because the journal failed. Call it only after
// Finish has failed too: if Finish has written the result CSV, they are in it.
func (l *Ledger) Unpersisted() []*Entry {
	if l.Err() == nil {
		return nil
	}
	lost := slices.DeleteFunc(l.unsynced.entries(l.journal.Durable()), func(e *Entry) bool { return !e.unsaved })
	slices.SortFunc(lost, byPhone)
	return slices.Compact(lost)
}

// SetWaiting says in the lock file whether the run waits for a person to answer its question. It is for those who find the result
// locked, so a failure changes nothing: a disk that cannot be written shows in [Ledger.Begin].
func (l *Ledger) SetWaiting(waiting bool) { _ = l.files.nameWaiting(waiting) }

// CheckUntouched returns an error if somebody has changed, put back or removed the result CSV since it was read. Nobody may write it
// meanwhile, but while a person thinks about a question, they may.
func (l *Ledger) CheckUntouched() error {
	if l.result.untouched(l.files) {
		return nil
	}
	return hint.With(message.Errorf("somebody has changed %s since the run has read it", l.files.result),
		message.T("run the same command again: it reads the result as it is now"))
}

// Finish ends the run: it replaces the result CSV with the given lines, of the given owner, durably, unless it has these lines
// already, and then removes the journal, or rewrites it with the open intents alone. It may be called after a failure too: a
// journal that failed does not keep the result from being written. If Finish fails, the next run loses nothing that was
// durable. The lines may be iterated twice.
func (l *Ledger) Finish(owner Owner, lines iter.Seq[*Line]) error {
	l.owner = owner
	var failed error
	if l.journal != nil {
		failed = l.journal.Close()
	}
	unnamed := l.accountFile.write(l.files, owner)
	journaled := l.hasJournal || l.journal != nil || l.entries.open() > 0
	if unnamed == nil && !journaled && l.result.unchanged(l.files, lines) {
		return nil
	}
	if err := l.result.replace(l.files, lines, owner.ID); err != nil {
		return l.files.notWritable(errors.Join(failed, err))
	}
	l.entries.markSaved()
	if unnamed != nil { // only the journal has the account's other ids: it stays
		return l.files.notWritable(unnamed)
	}
	if err := l.dropJournal(); err != nil {
		return l.files.notWritable(err)
	}
	l.journal = nil
	return nil
}

// dropJournal removes the journal, or leaves one with the open intents alone. The result CSV is durable by now.
func (l *Ledger) dropJournal() error {
	if l.entries.open() > 0 {
		write, _ := l.journalSnapshot()
		if err := l.files.replace(l.files.journal(), write); err != nil {
			return err
		}
		l.hasJournal = true
		return l.files.clearHolder()
	}
	// First the lock file: a journal that is missing while the lock file names one has been lost.
	if err := l.files.clearHolder(); err != nil {
		return err
	}
	if l.journal == nil && !l.hasJournal {
		return nil
	}
	if err := l.files.remove(l.files.journal()); err != nil {
		return err
	}
	l.hasJournal = false
	return nil
}

// Close releases the lock, and closes the journal where Finish has not. Result and journal stay as they are. Called again, it
// does nothing.
func (l *Ledger) Close() error {
	if l.files.lock == nil {
		return nil
	}
	var err error
	switch {
	case l.journal != nil:
		err = l.journal.Close()
	case !l.hasJournal:
		err = l.files.clearHolder() // this run leaves nothing behind
	}
	l.journal = nil
	return errors.Join(err, l.files.unlock())
}
