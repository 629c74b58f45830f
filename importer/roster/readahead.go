package roster

import "iter"

// readAhead returns what next returns, up to its first error. next runs in a goroutine of its own while the values before are used: to
// parse a large file takes as long as to judge it. Whoever stops early leaves the goroutine to end by itself, since nothing
// interrupts a read from a pipe that nobody writes to. A panic of next becomes one of the loop.
func readAhead[T any](next func() (T, error)) iter.Seq2[T, error] {
	const size, waiting = 256, 2 // values of a batch; batches
	type batch struct {
		values []T
		err    error // of the last value; nil: another batch comes
		bug    any   // the value of a panic
	}
	return func(yield func(T, error) bool) {
		batches, stopped := make(chan batch, waiting), make(chan struct{})
		defer close(stopped)
		read := func() (b batch) {
			defer func() { b.bug = recover() }()
			b.values = make([]T, 0, size)
			for b.err == nil && len(b.values) < size {
				var value T
				value, b.err = next()
				b.values = append(b.values, value)
			}
			return b
		}
		go func() {
			for more := true; more; {
				b := read()
				more = b.err == nil && b.bug == nil
				select {
				case batches <- b:
				case <-stopped:
					return
				}
			}
		}()
		for {
			b := <-batches
			for i, value := range b.values {
				var err error
				if i == len(b.values)-1 {
					err = b.err
				}
				if !yield(value, err) || err != nil {
					return
				}
			}
			if b.bug != nil {
				panic(b.bug)
			}
		}
	}
}
