package console

import "testing"

func TestIsYes(t *testing.T) {
	for answer, want := range map[string]bool{"y\n": true, " YES \n": true, "có\n": true, "": false, "\n": false, "n\n": false, "yep\n": false} {
		if isYes(answer) != want {
			t.Errorf("isYes(%q) = %v", answer, !want)
		}
	}
}
