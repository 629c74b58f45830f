package sandbox

import (
	"bytes"
	"context"
	"io"
	"time"
)

// hangFor is how long a call that is never answered is held.
const hangFor = time.Hour

// stream is the body of an answer as the client reads it, in the form that the fault gives it.
type stream struct {
	io.Reader
	length int64 // -1: not told
}

func (*stream) Close() error { return nil }

func (t *Tenant) stream(ctx context.Context, r reply) *stream {
	all := bytes.NewReader(r.body)
	half := bytes.NewReader(r.body[:len(r.body)/2])
	size := int64(len(r.body))
	switch r.form {
	case halfLength:
		return &stream{io.MultiReader(half, broken{}), size}
	case halfChunked:
		return &stream{io.MultiReader(half, broken{}), -1}
	case halfClose:
		return &stream{half, -1}
	case drip:
		return &stream{&dripping{t, ctx, all}, size}
	case endless:
		return &stream{io.MultiReader(all, &spaces{t, ctx}), -1}
	}
	return &stream{all, size}
}

// broken is where a connection breaks.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// dripping gives a byte a second.
type dripping struct {
	t   *Tenant
	ctx context.Context
	src io.Reader
}

func (d *dripping) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	if !d.t.wait(d.ctx, time.Second) {
		return 0, hungUp(d.ctx)
	}
	return d.src.Read(b[:1])
}

// spaces gives white space for as long as the client is there.
type spaces struct {
	t   *Tenant
	ctx context.Context
}

func (s *spaces) Read(b []byte) (int, error) {
	select {
	case <-s.ctx.Done():
		return 0, hungUp(s.ctx)
	case <-s.t.closed:
		return 0, io.ErrUnexpectedEOF
	default:
	}
	for i := range b {
		b[i] = ' '
	}
	return len(b), nil
}

func hungUp(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return io.ErrUnexpectedEOF
}
