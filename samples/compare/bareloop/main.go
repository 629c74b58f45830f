// Bareloop is what etelecom-import is measured against: it sends the same two calls for every row of a roster and does
// nothing else. It observes nothing, records nothing, keeps no rate and stops at the first failure.
//
//	ETELECOM_BASE_URL=... ETELECOM_API_KEY=... bareloop EMPLOYEES.csv
package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"

	"golang.org/x/sync/errgroup"
)

const connections = 32

type create struct {
	FullName string `json:"full_name"`
	Password string `json:"password"`
	Phone    string `json:"phone"`
}

type assign struct {
	ExtensionID string `json:"extension_id"`
	UserID      string `json:"user_id"`
}

var (
	client = &http.Client{Transport: &http.Transport{MaxIdleConns: connections, MaxIdleConnsPerHost: connections}}
	base   = os.Getenv("ETELECOM_BASE_URL")
	header = http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + os.Getenv("ETELECOM_API_KEY")}}
)

func main() {
	f, err := os.Open(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		log.Fatal(err)
	}
	queue := make(chan []string, connections)
	go func() {
		for _, row := range rows[1:] {
			queue <- row
		}
		close(queue)
	}()
	var g errgroup.Group
	for range connections {
		g.Go(func() error { return work(queue) })
	}
	if err := g.Wait(); err != nil {
		log.Fatal(err)
	}
}

// work sends rows of name, phone, password and extension id.
func work(queue <-chan []string) error {
	for row := range queue {
		var user struct{ ID string }
		if err := call(".Shop/CreateAccountUser", create{row[0], row[2], row[1]}, &user); err != nil {
			return err
		}
		var done struct{ Updated int }
		if err := call(".Etelecom/AssignUserToExtension", assign{row[3], user.ID}, &done); err != nil {
			return err
		}
	}
	return nil
}

func call(path string, request, answer any) error {
	body, err := json.Marshal(request)
	if err != nil {
		return err
	}
	r, err := http.NewRequest(http.MethodPost, base+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header = header
	resp, err := client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", resp.Status, text)
	}
	return json.Unmarshal(text, answer)
}
