package apiclient

import "time"

// alive reports whether an idle connection is good for another request: the other end has neither closed it nor said
// anything unasked. There is no looking without reading here.
func (c *conn) alive() bool { return c.silent(time.Now().Add(time.Millisecond)) }
