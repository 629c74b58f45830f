package console

import (
	"slices"
	"sync"
)

// warnings are what people were warned of.
type warnings struct {
	mu    sync.Mutex
	texts []string
}

func (w *warnings) add(texts ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.texts = append(w.texts, texts...)
}

func (w *warnings) all() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.texts)
}

func (w *warnings) print(out page) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, text := range w.texts {
		voice{page: out}.warn(text)
	}
}
