//go:build linux

package main

import (
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// terminal is a pseudo-terminal of Linux. What is written to it is kept.
type terminal struct {
	master, slave *os.File
	mu            sync.Mutex
	written       []byte
	ended         chan struct{} // closed when no program has the terminal any more
}

func openTerminal() (*terminal, error) {
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	var number, unlocked int32
	size := [4]uint16{24, 80}
	if err := control(master, syscall.TIOCSPTLCK, unsafe.Pointer(&unlocked)); err != nil {
		return nil, err
	}
	if err := control(master, syscall.TIOCGPTN, unsafe.Pointer(&number)); err != nil {
		return nil, err
	}
	if err := control(master, syscall.TIOCSWINSZ, unsafe.Pointer(&size)); err != nil {
		return nil, err
	}
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	t := &terminal{master: master, slave: slave, ended: make(chan struct{})}
	go t.read()
	return t, nil
}

func control(f *os.File, request uintptr, arg unsafe.Pointer) error {
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), request, uintptr(arg)); errno != 0 {
		return fmt.Errorf("terminal: %w", errno)
	}
	return nil
}

func (t *terminal) read() {
	defer close(t.ended)
	buf := make([]byte, 4096)
	for {
		n, err := t.master.Read(buf)
		t.mu.Lock()
		t.written = append(t.written, buf[:n]...)
		t.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// text returns what the terminal shows.
func (t *terminal) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return screen(t.written)
}

// rest returns what the terminal shows once nothing more can come.
func (t *terminal) rest() string {
	select {
	case <-t.ended:
	case <-time.After(time.Second): // a program that runs on in the background
	}
	return t.text()
}

func (t *terminal) close() {
	_ = t.master.Close()
}
