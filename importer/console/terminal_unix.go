//go:build unix

package console

import (
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// osTerminal is the controlling terminal of the process.
type osTerminal struct {
	file *os.File
	// found are the modes before prepare has changed them; nil: it has not.
	found *unix.Termios
}

// openTerminal opens the terminal of the process. It fails if there is none, as under cron or systemd.
func openTerminal() (terminal, error) {
	f, err := os.OpenFile("/dev/tty", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	return &osTerminal{file: f}, nil
}

func (t *osTerminal) Read(p []byte) (int, error)  { return t.file.Read(p) }
func (t *osTerminal) Write(p []byte) (int, error) { return t.file.Write(p) }
func (t *osTerminal) Close() error                { return t.file.Close() }

func (t *osTerminal) foreground() bool {
	group := -1
	t.control(func(fd int) {
		if g, err := unix.IoctlGetInt(fd, unix.TIOCGPGRP); err == nil {
			group = g
		}
	})
	return group == unix.Getpgrp()
}

// claim implements [terminal]. All processes of a terminal are of one session. The lock on its byte of the device's file is gone with
// the process. A run that Ctrl-Z has stopped at its question still has the lock, but what is typed is not for it. Where the system has
// no such locks on devices, nobody can tell.
func (t *osTerminal) claim() bool {
	session, err := unix.Getsid(0)
	if err != nil {
		return true
	}
	free := true
	t.control(func(fd int) {
		lock := unix.Flock_t{Type: unix.F_WRLCK, Whence: io.SeekStart, Start: int64(session), Len: 1}
		if err := unix.FcntlFlock(uintptr(fd), unix.F_SETLK, &lock); !errors.Is(err, unix.EAGAIN) && !errors.Is(err, unix.EACCES) {
			return
		}
		free = false
		if unix.FcntlFlock(uintptr(fd), unix.F_GETLK, &lock) == nil && lock.Type != unix.F_UNLCK {
			group, err := unix.Getpgid(int(lock.Pid))
			typedFor, failed := unix.IoctlGetInt(fd, unix.TIOCGPGRP)
			free = errors.Join(err, failed) == nil && group != typedFor
		}
	})
	return free
}

// begin implements [terminal]. A process in the background that reads from its terminal, or writes to it, is stopped by a signal
// and would wait for ever. If the signal is ignored, the call fails or succeeds. It stays ignored: what the run says later must not
// stop it either, and package signal has no way back.
func (t *osTerminal) begin() (resumed <-chan os.Signal, end func()) {
	signal.Ignore(unix.SIGTTIN, unix.SIGTTOU)
	continued := make(chan os.Signal, 1)
	signal.Notify(continued, unix.SIGCONT)
	return continued, func() {
		signal.Stop(continued)
		if t.found != nil && t.foreground() { // in the background, the modes are the shell's
			t.control(func(fd int) { _ = unix.IoctlSetTermios(fd, setTermios, t.found) })
		}
	}
}

// prepare implements [terminal]. A program that was killed may have left the terminal without echo, or without lines.
func (t *osTerminal) prepare() {
	t.control(func(fd int) {
		modes, err := unix.IoctlGetTermios(fd, getTermios)
		if err != nil {
			return
		}
		sane := *modes
		sane.Lflag |= unix.ICANON | unix.ECHO | unix.ISIG
		sane.Iflag = sane.Iflag&^(unix.IGNCR|unix.INLCR) | unix.ICRNL
		sane.Oflag |= unix.OPOST | unix.ONLCR
		if sane != *modes {
			if t.found == nil {
				t.found = modes
			}
			_ = unix.IoctlSetTermios(fd, setTermios, &sane)
		}
		_ = discardInput(fd)
	})
}

// shows implements [terminal]. The system tells the process group of no other terminal than the controlling one.
func (t *osTerminal) shows(stream io.Writer) bool {
	f, ok := stream.(*os.File)
	if !ok {
		return false
	}
	_, err := unix.IoctlGetInt(int(f.Fd()), unix.TIOCGPGRP)
	return err == nil
}

func (t *osTerminal) colors() bool { return os.Getenv("TERM") != "dumb" }

func (t *osTerminal) width() int {
	columns := defaultColumns
	t.control(func(fd int) {
		if width, _, err := term.GetSize(fd); err == nil && width > 0 {
			columns = width
		}
	})
	return columns
}

// control calls f with the file descriptor. [os.File.Fd] would make its reads ones that Close cannot end.
func (t *osTerminal) control(f func(fd int)) {
	if c, err := t.file.SyscallConn(); err == nil {
		_ = c.Control(func(fd uintptr) { f(int(fd)) })
	}
}
