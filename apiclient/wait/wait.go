// Package wait waits until a time comes or a context ends.
package wait

import (
	"context"
	"fmt"
	"time"
)

// For waits for d. If ctx ends first, it returns the error of [Err].
func For(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return Err(ctx)
	}
}

// Err returns nil until ctx ends, and then an error that is both ctx.Err() and the context's cause: callers test for
// [context.Canceled], and people want to read why.
func Err(ctx context.Context) error {
	err := ctx.Err()
	if err == nil {
		return nil
	}
	if cause := context.Cause(ctx); cause != err {
		return fmt.Errorf("%w: %w", err, cause)
	}
	return err
}
