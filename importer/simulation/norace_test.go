//go:build !race

package simulation

// raced says that the race detector is on, which makes the scheduler choose by chance.
const raced = false
