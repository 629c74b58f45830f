//go:build !linux

package console_test

import "testing"

// TestQuestions works a pseudo-terminal of Linux.
func TestQuestions(t *testing.T) {
	t.Skip("who is asked, with which redirections, is tested on Linux only: TestQuestions, TestWaitingIsTold, TestReplacedIsAsked, TestRetryIsAsked")
}
