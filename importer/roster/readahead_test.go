package roster

import (
	"errors"
	"testing"
	"testing/synctest"
)

func TestReadAhead(t *testing.T) {
	for _, n := range []int{0, 1, 255, 256, 257, 5000} {
		calls, got := 0, 0
		last := errors.New("the end")
		for value, err := range readAhead(func() (int, error) {
			calls++
			if calls > n {
				return -1, last
			}
			return calls - 1, nil
		}) {
			switch {
			case err == nil && value != got, err != nil && (value != -1 || got != n || err != last), got > n:
				t.Fatalf("value %d of %d: %d, %v", got, n, value, err)
			}
			got++
		}
		if got != n+1 || calls != n+1 {
			t.Errorf("%d values and %d calls for %d", got, calls, n)
		}
	}
}

// TestReadAheadStops: whoever has seen enough waits for nobody, and the goroutine ends after the call that it is in.
func TestReadAheadStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow, calls := make(chan struct{}), 0
		for range readAhead(func() (int, error) {
			if calls++; calls > 300 {
				<-slow
			}
			return calls, nil
		}) {
			break
		}
		synctest.Wait()
		close(slow) // the bubble fails if the goroutine is left
	})
}

func TestReadAheadPanics(t *testing.T) {
	calls, got := 0, 0
	defer func() {
		if bug := recover(); bug != "bug" || got != 299 {
			t.Errorf("panic %v after %d values", bug, got)
		}
	}()
	for range readAhead(func() (int, error) {
		if calls++; calls == 300 {
			panic("bug")
		}
		return calls, nil
	}) {
		got++
	}
	t.Error("no panic")
}
