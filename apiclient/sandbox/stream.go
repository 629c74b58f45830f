package sandbox

import (
	"bytes"
	"context"
	"io"
	"time"
)

// stream is the body of an answer as the client reads it.
type stream struct {
	io.Reader
	length int64 // -1: the header does not have it
}

func (*stream) Close() error { return nil }

// newStream returns the body of r, delivered as r.delivery says until ctx ends or the scheduler is closed.
func newStream(ctx context.Context, s *scheduler, r reply) *stream {
	all := bytes.NewReader(r.body)
	half := bytes.NewReader(r.body[:len(r.body)/2])
	size := int64(len(r.body))
	switch r.delivery {
	case halfLength:
		return &stream{io.MultiReader(half, broken{}), size}
	case halfChunked:
		return &stream{io.MultiReader(half, broken{}), -1}
	case halfClose:
		return &stream{half, -1}
	case drip:
		return &stream{&dripping{s, ctx, all}, size}
	case endless:
		return &stream{io.MultiReader(all, &spaces{s, ctx}), -1}
	}
	return &stream{all, size}
}

// broken is where the connection breaks.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// dripping gives a byte a second.
type dripping struct {
	scheduler *scheduler
	ctx       context.Context
	src       io.Reader
}

func (d *dripping) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	if !d.scheduler.wait(d.ctx, time.Second) {
		return 0, brokenOff(d.ctx)
	}
	return d.src.Read(b[:1])
}

// spaces gives white space without end.
type spaces struct {
	scheduler *scheduler
	ctx       context.Context
}

func (s *spaces) Read(b []byte) (int, error) {
	if s.ctx.Err() != nil || s.scheduler.closed() {
		return 0, brokenOff(s.ctx)
	}
	for i := range b {
		b[i] = ' '
	}
	return len(b), nil
}

// brokenOff is the error of a body that ended early: the client's, or that of a broken connection.
func brokenOff(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return io.ErrUnexpectedEOF
}
