package apiclient

import (
	"context"
	"errors"

	"etelecom-import/apiclient/transport"
)

// Route is how the API's host is reached.
type Route = transport.Route

// Reach connects to the API's host as a call would, and sends nothing. The error is an [*Error]. The route holds what was
// found out before it.
func (c *Client) Reach(ctx context.Context) (Route, error) {
	if c.own == nil {
		return Route{}, &Error{Op: "Connect", Outcome: NotApplied, Err: errors.New("this client makes no connections of its own")}
	}
	route, err := c.own.Reach(ctx, c.urls[getAccountUsers])
	if err != nil {
		v := classify(read, reply{early: !c.reached.Load(), err: err})
		return route, &Error{Op: "Connect", Outcome: NotApplied, Err: newCause(v.reason, err, c.hide()), fault: v.fault}
	}
	return route, nil
}
