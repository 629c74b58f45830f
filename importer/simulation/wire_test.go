package simulation

import (
	"bufio"
	"context"
	"encoding/binary"
	"hash/fnv"
	"net"
	"net/http"
	"net/url"
	"sync"
	"syscall"
	"time"

	"etelecom-import/apiclient/fakenet"
	"etelecom-import/apiclient/transport"
)

// wire is the network between a process and the tenant's server, for worlds whose program uses its own transport: connections
// that take a while to make, or are refused, or are closed when they have been idle; requests that are held up on their way.
type wire struct {
	p       *process
	network *fakenet.Network
	weather

	mu     sync.Mutex
	ends   []net.Conn  // of the process
	sent   []time.Time // when the first byte of each request was written
	drawn  uint64
	closed bool
}

// weather is what a network is like. The zero value is one where everything arrives at once and nothing fails.
type weather struct {
	delay time.Duration // each way
	idle  time.Duration // after which the server closes a connection; 0: never
	stall int           // one of so many requests and connections is held up; 0: none
	deny  int           // one of so many connections is refused; 0: none
}

// forecast draws the weather of a run.
func (w *world) forecast(faulty bool) weather {
	f := weather{delay: time.Duration(w.air.IntN(40)) * time.Millisecond}
	if w.air.IntN(2) == 0 {
		f.idle = []time.Duration{100, 700, 5000}[w.air.IntN(3)] * time.Millisecond
	}
	if faulty && w.air.IntN(2) == 0 {
		f.stall = 2 + w.air.IntN(20)
	}
	if faulty && w.air.IntN(4) == 0 {
		f.deny = 2 + w.air.IntN(10)
	}
	return f
}

// longestStall keeps a request from taking effect later than settle allows.
const longestStall = 8 * time.Second

func (p *process) connect(weather weather) *wire {
	w := &wire{p: p, network: fakenet.New(weather.delay), weather: weather}
	go func() {
		for c, err := w.network.Accept(); err == nil; c, err = w.network.Accept() {
			p.world.serving.Go(func() { w.serve(c) })
		}
	}()
	return w
}

func (w *wire) transport() *transport.Transport {
	return &transport.Transport{Idle: 4, Dial: w.dial, Proxy: func(*http.Request) (*url.URL, error) { return nil, nil }}
}

// close is the end of the process: its connections go with it.
func (w *wire) close() {
	_ = w.network.Close()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	for _, c := range w.ends {
		_ = c.Close()
	}
}

// strikes reports whether what happens to one of n happens now. It has dice of its own: those of the world are for one goroutine.
func (w *wire) strikes(n int) (yes bool, much time.Duration) {
	if n == 0 {
		return false, 0
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.drawn++
	h := fnv.New64a()
	_ = binary.Write(h, binary.LittleEndian, []uint64{w.p.world.seed, w.drawn})
	return h.Sum64()%uint64(n) == 0, time.Duration(h.Sum64()>>32) * longestStall >> 32
}

func (w *wire) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if _, dead := w.p.next("connect"); dead {
		return nil, errDead
	}
	if yes, _ := w.strikes(w.deny); yes {
		return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
	}
	if yes, long := w.strikes(w.stall); yes {
		select {
		case <-time.After(2 * long):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	c, err := w.network.Dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ends = append(w.ends, c); w.closed {
		_ = c.Close()
	}
	return &end{Conn: c, w: w}, nil
}

// end is the process's end of a connection. What it writes and the first that it reads of each answer are steps.
type end struct {
	net.Conn
	w     *wire
	asked bool // an answer is to come
}

func (e *end) Write(b []byte) (int, error) {
	n, dead := e.w.p.next("send")
	if dead {
		return 0, errDead
	}
	e.w.mu.Lock()
	e.w.sent = append(e.w.sent, time.Now())
	e.w.mu.Unlock()
	e.asked = true
	return e.past(n, b, e.Conn.Write)
}

func (e *end) Read(b []byte) (int, error) {
	if e.w.p.dead.Load() {
		return 0, errDead
	}
	n, err := e.Conn.Read(b)
	if n == 0 || !e.asked {
		return n, err
	}
	e.asked = false
	step, dead := e.w.p.next("receive")
	if dead {
		return 0, errDead
	}
	return e.past(step, b, func([]byte) (int, error) { return n, err })
}

// past does a step, and kills the process if that is to happen after it.
func (e *end) past(step int, b []byte, do func([]byte) (int, error)) (int, error) {
	n, err := do(b)
	if e.w.p.ends(step) {
		return 0, errDead
	}
	return n, err
}

// serve answers the requests of a connection, until one end closes it.
func (w *wire) serve(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(c)
	for {
		if w.idle > 0 {
			_ = c.SetReadDeadline(time.Now().Add(w.idle))
		}
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		if yes, long := w.strikes(w.stall); yes {
			time.Sleep(long)
		}
		resp, err := w.p.answer(r)
		if err != nil {
			return
		}
		out := bufio.NewWriter(c)
		err = resp.Write(out)
		_ = out.Flush()
		resp.Body.Close()
		if err != nil || resp.Close || resp.ContentLength < 0 {
			return
		}
	}
}

// most returns how many requests were sent within a second.
func (w *wire) most() (n int) {
	from := 0
	for i, at := range w.sent {
		for at.Sub(w.sent[from]) >= time.Second {
			from++
		}
		n = max(n, i-from+1)
	}
	return n
}
