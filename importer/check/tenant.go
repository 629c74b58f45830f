package check

import (
	"context"
	"errors"
	"fmt"
	"time"

	"etelecom-import/apiclient"
	"etelecom-import/apiclient/message"
	"etelecom-import/importer"
)

const (
	// answerWithin limits the first page of a listing, with everything that is tried again for it.
	answerWithin = 20 * time.Second
	// clockOff is the difference from which on a clock is wrong. Less does no harm: no wait of a run depends on it.
	clockOff = 5 * time.Minute
)

// errSlow ends what has waited for an answer long enough.
var errSlow = message.Errorf("no usable answer came within %.0f seconds", answerWithin.Seconds())

// The names of the findings that need an answer of the API.
var needAnswer = []string{"clock", "account", "switchboard", "users", "extensions"}

// lookAtTenant asks the API what it tells of the key's tenant, and tells what the answers show. barred is why the API cannot be
// asked; "": it can.
func lookAtTenant(ctx context.Context, r *Report, in *Input, barred string) {
	defer func() {
		r.notKnown("right_to_create", message.T("Not tested: only a create shows it."), message.T("Import one person first: add --limit 1 to the run."))
	}()
	if barred != "" {
		for _, name := range needAnswer {
			r.notKnown(name, barred, "")
		}
		return
	}
	defer in.Progress.Reading()()
	identity, pbx, silent := identify(ctx, in.Client)
	users := listUsers(ctx, in, identity)
	extensions := listExtensions(ctx, in, identity, users.err)
	lookAtClock(r, in.Client)
	lookAtAccount(r, in, identity, users.err == nil || extensions.err == nil)
	lookAtSwitchboard(r, pbx, silent)
	throttled := in.Client.Stats().Throttled > 0
	users.tell(r, throttled)
	extensions.tell(r, throttled)
}

// identify makes the calls that only tell whose the key is. Each is sent once, but a tenant that asks for pauses could hold
// them up for long.
func identify(ctx context.Context, c *apiclient.Client) (*importer.Identity, apiclient.PBX, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, answerWithin, errSlow)
	defer cancel()
	identity := importer.Identify(ctx, c)
	pbx, err := c.GetTenant(ctx)
	return identity, pbx, err
}

func lookAtClock(r *Report, c *apiclient.Client) {
	ahead, known := c.Skew()
	switch {
	case !known:
		r.notKnown("clock", message.T("No answer of the API tells the time."), "")
	case ahead.Abs() >= clockOff:
		r.wrong("clock", compared(ahead), message.T("Set the clock of this computer. The best is to let the system set it from the network."))
	default:
		r.ok("clock", compared(ahead))
	}
}

// compared says how the local clock is beside the server's, which is ahead by that much.
func compared(ahead time.Duration) string {
	switch {
	case ahead.Abs() < 2*time.Second: // it is not known better
		return message.T("This computer's clock agrees with the server's.")
	case ahead < 0:
		return message.Sprintf("This computer's clock is %s ahead of the server's.", span(-ahead))
	}
	return message.Sprintf("This computer's clock is %s behind the server's.", span(ahead))
}

// lookAtSwitchboard tells whether calls can be made. A run does not need the switchboard.
func lookAtSwitchboard(r *Report, pbx apiclient.PBX, err error) {
	if err != nil {
		r.notKnown("switchboard", message.Sprintf("The tenant does not tell it (%s). A run does not need it.", Answer(err)), "")
		return
	}
	name := message.T("(no name)")
	if pbx.Name != "" {
		name = fmt.Sprintf("%q", pbx.Name)
	}
	if pbx.Domain != "" {
		name = fmt.Sprintf("%s (%s)", name, pbx.Domain)
	}
	switch pbx.Status {
	case "P":
		r.ok("switchboard", message.Sprintf("The switchboard %s is enabled.", name))
	case "N":
		r.wrong("switchboard", message.Sprintf("The switchboard %s is disabled: nobody can call.", name), message.T("Ask eTelecom to enable it."))
	case "Z":
		r.notKnown("switchboard", message.Sprintf("The switchboard %s is new, and not enabled yet.", name), message.T("Ask eTelecom whether it is ready."))
	case "":
		r.notKnown("switchboard", message.Sprintf("The switchboard %s does not tell its status.", name), "")
	default:
		r.notKnown("switchboard", message.Sprintf("The switchboard %s has the status %q, which this program does not know.", name, pbx.Status),
			message.T("Ask eTelecom what it means."))
	}
}

// Answer quotes an answer of the API, or what came in its place.
func Answer(err error) string {
	e := new(apiclient.Error)
	if errors.Is(err, errSlow) {
		return errSlow.Error()
	}
	if !errors.As(err, &e) {
		return err.Error()
	}
	text := e.Msg
	if text == "" && e.Err != nil {
		text = e.Err.Error()
	}
	status := message.Sprintf("HTTP %d", e.Status)
	if e.Code != "" {
		status += " " + e.Code
	}
	switch {
	case e.Status == 0 && text == "":
		return err.Error()
	case e.Status == 0:
		return text
	case text == "":
		return status
	}
	return status + ": " + text
}
