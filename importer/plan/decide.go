package plan

import (
	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer/ledger"
	"etelecom-import/importer/phone"
	"etelecom-import/importer/reason"
	"etelecom-import/importer/roster"
	"etelecom-import/importer/tenant"
)

// facts are all that the step of one row depends on.
type facts struct {
	row   *roster.Row
	entry *ledger.Entry // what the ledger knows of the row's phone; noEntry if it knows nothing

	alreadyDone bool            // the ledger has the row as done with this extension
	problem     *roster.Problem // what is wrong with the row itself; nil: nothing
	resolved    bool            // the row is neither done nor invalid, so the fields below are filled in

	extension tenant.Extension // the row's, as far as it is known
	chosen    bool             // the row names none, and this tool has chosen it
	choose    bool             // the row names none, and is to get a free one
	label     string           // names it in a message; only if done
	unusable  *Refusal         // why no extension can be assigned to this row; nil: one can

	listed    apiclient.ID // the user who has the phone on the tenant; 0: nobody
	movedFrom phone.Number // another phone under which the ledger has that user; 0: none
	user      apiclient.ID // the user whom the extension is for; 0: not known, or not there
	ours      bool         // the ledger has the user: this job has created, found or adopted them. user is 0 if their id is lost
	stranger  bool         // the user is on the tenant and is not ours
	adopt     bool         // such users are to get their extension

	done      bool             // the ledger has the row as done, perhaps with another extension
	has       tenant.Extension // an extension that the user has; the zero value: none
	hasWanted bool             // the row's extension is the user's
	canAssign bool             // the user is there without an extension, and the row's extension is free
	unsettled bool             // a create had no usable answer, its user is not seen, and it may still take effect: see settling.isOver
	gone      bool             // the user is not there any more, or has another phone
	nameless  bool             // the tenant lists somebody with this phone and without an id
	masked    string           // a masked phone that may be this one; "": there is none, or the listing is trusted
}

// adopted reports whether the id of a user who was on the tenant before is to be recorded, even if the row is refused. With
// hasWanted, the Satisfied step records it.
func (f *facts) adopted() bool { return f.adopt && f.movedFrom == 0 && !f.hasWanted }

// decide is the planning table: the first case that fits decides.
func decide(f *facts) Step {
	e := f.entry
	switch {
	// The row is done with the extension that it names. Nothing is done twice, whatever has changed since: the row may be
	// invalid by now, the user removed, the extension somebody else's.
	case f.alreadyDone:
		return Step{Action: NoOp}

	// The row itself is invalid.
	case f.problem != nil:
		return refuse(f.problem.Code, f.problem.Words().Message, "")

	// The user with this phone is in the result under another phone. Either the phone was changed, or two rows are one
	// person: somebody has to find out.
	case f.movedFrom != 0:
		return refuse(reason.UserExists, message.Sprintf("user %s has this phone now, and the result has them with %s", f.listed, f.movedFrom),
			message.T("if the old phone is no longer theirs, delete its line from the result"))

	// Done, and the roster names another extension now. Somebody has given it to the user already.
	case f.done && f.hasWanted:
		return Step{Action: NoOp, Satisfied: true, User: f.user}

	// Done, and somebody has taken the old extension away: the user can get the new one.
	case f.done && f.canAssign:
		return Step{Action: Assign, User: f.user}

	// Done, and the user still has the old extension, or the new one cannot be had. This tool takes nothing away.
	case f.done:
		return refuse(reason.ExtensionChanged,
			message.Sprintf("the employee file has %s now, but user %s was given %s", f.label, userLabel(f.user), extensionLabel(e.ExtensionID, e.ExtensionNumber)),
			message.T("change the extension on the tenant, or put the old one back in the employee file"))

	// The answer to a create was lost, and the user is not there: the create may still take effect, so another one could
	// overwrite a password.
	case f.unsettled:
		return Step{Action: Wait}

	// The user of this job is not there any more, or the phone is another user's now. Nobody is created anew unasked.
	case f.gone:
		return refuseGone(f)

	// The user is there and has the extension: an assign had its effect and its answer was lost, or somebody else has assigned it.
	case f.hasWanted:
		return Step{Action: NoOp, Satisfied: true, User: f.user}

	// The user was there before, and the API has refused to create them, perhaps after it has set their password.
	case f.stranger && !f.adopt && e.Exists:
		return refuse(reason.UserExists,
			message.Sprintf("this phone already has a user (%s). The tenant refused to create them, but their password may now be the one in your file", f.user),
			message.T("ask them whether their password still works. To give this user the extension, use --adopt. Otherwise delete the row"))

	// The user was there before. A create would overwrite their password.
	case f.stranger && !f.adopt:
		return refuse(reason.UserExists, message.Sprintf("this phone already has a user (%s). Nothing was changed", f.user),
			message.T("to give this user the extension, use --adopt. Otherwise delete the row"))

	// The user has another extension. An assign would add one, or take that one away.
	case f.has.ID != 0:
		return refuse(reason.UserHasExtension, message.Sprintf("user %s already has %s", f.user, extensionLabel(int64(f.has.ID), f.has.Number)),
			message.T("free that extension on the tenant, or put it in the employee file"))

	// There is no such extension, or the row contradicts the tenant. Without it, nobody is created either.
	case f.unusable != nil:
		return Step{Action: Refuse, Refusal: f.unusable}

	// The extension is somebody else's: an assign would take it away from them.
	case f.extension.User != 0:
		return refuse(reason.ExtensionTaken,
			message.Sprintf("%s belongs to user %s", extensionLabel(int64(f.extension.ID), f.extension.Number), f.extension.User),
			message.T("free it on the tenant, or give this row another extension"))

	// This job has created the user, a spreadsheet has damaged the id, and the key may not list users. (With a listing, the case
	// gone has decided.)
	case f.ours && f.user == 0:
		return refuse(reason.UserGone, message.T("the id of this user is no longer known, and the key may not list users to find it"),
			message.T("use a key that may list users"))

	// The user is there, and the extension is free.
	case f.user != 0:
		return Step{Action: Assign, User: f.user}

	// Nobody is known to have the phone from here on. The listing shows somebody with it who has no id.
	case f.nameless:
		return refuse(reason.UserExists, message.T("the tenant lists a user with this phone and without an id"), message.T("ask eTelecom to correct that, or delete the row"))

	// A create was refused after it may have set a password. That the listing does not show the user proves nothing: it may hide
	// them.
	// rule: exists-final
	case e.Exists:
		return refuseExisting(e)

	// The listing hides digits of a phone that may be this one.
	case f.masked != "":
		return refuse(reason.UserMasked, message.Sprintf("the tenant lists a user with the masked phone %s. They may be this person, and a create would overwrite their password", f.masked),
			message.T("look on the tenant. If it is somebody else, use --trust-listing"))

	// A password is needed from here on only.
	case f.row.NoPassword:
		return refuse(reason.MissingValue, message.T("the password is empty, and a user cannot be created without one"), message.T("fill it in"))
	}
	return Step{Action: Create}
}

// refuse returns the step of a row that is refused. problem and hint are translated.
func refuse(code, problem, hint string) Step {
	return Step{Action: Refuse, Refusal: &Refusal{code, problem, hint}}
}

// refuseGone refuses a row whose user was removed, or whose phone belongs to another user by now.
func refuseGone(f *facts) Step {
	again := message.T("to create them again, delete this line from the result")
	switch {
	case f.listed != 0:
		return refuse(reason.UserGone,
			message.Sprintf("this tool created user %s, who no longer has %s. User %s has it now", userLabel(f.user), f.row.Phone, userLabel(f.listed)),
			message.T("to start again with this phone, delete this line from the result"))
	case f.user == 0:
		return refuse(reason.UserGone, message.T("the user that this tool created is no longer there, and a spreadsheet has damaged their id"), again)
	}
	return refuse(reason.UserGone, message.Sprintf("user %s, created by this tool, is no longer there", f.user), again)
}

// refuseExisting refuses a row whose create the tenant has refused. The reason that was recorded then has the tenant's own
// words.
func refuseExisting(e *ledger.Entry) Step {
	if code, why := e.Reason(); why != "" && (code == reason.Precondition || code == reason.AlreadyExists) {
		return refuse(code, why, "")
	}
	return refuse(reason.UserExists, message.T("the tenant refused a create of this phone, and does not list the user. Their password may now be the one in your file. They are not created again"),
		message.T("look for them on the tenant. To start again with this phone, delete this line from the result"))
}

// concludedGone reports whether an earlier run has found out that the entry's user is gone.
func concludedGone(e *ledger.Entry) bool {
	code, _ := e.Reason()
	return code == reason.UserGone || code == reason.NotFound
}
