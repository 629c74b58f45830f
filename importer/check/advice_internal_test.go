package check

import (
	"testing"

	"etelecom-import/apiclient"
)

// Whatever the trouble is, a person is told what to look at.
func TestAdvice(t *testing.T) {
	for trouble := apiclient.UnknownName; trouble <= apiclient.OtherTrouble; trouble++ {
		if Advice(trouble) == "" {
			t.Errorf("no advice for: %v", trouble)
		}
	}
	if Advice(apiclient.NoTrouble) != "" {
		t.Error("advice without trouble")
	}
}
