package apiclient

import "time"

// alive reports whether an idle connection is good for another request. There is no looking without reading here, so only
// one that was in use just now is.
func (c *conn) alive() bool { return time.Since(c.since) < time.Second }
