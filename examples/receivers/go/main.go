// A receiver of webhooks, by the standard library alone: WEBHOOK_SECRET=… go run .
package main

import (
	"log"
	"net/http"
	"os"
	"time"
)

func main() {
	key, err := keyOf(os.Getenv("WEBHOOK_SECRET"))
	if err != nil {
		log.Fatal("WEBHOOK_SECRET: ", err)
	}
	inbox := inbox(valueOr(os.Getenv("INBOX"), "inbox"))
	if err := os.MkdirAll(string(inbox), 0o700); err != nil {
		log.Fatal(err)
	}
	address := "127.0.0.1:" + valueOr(os.Getenv("PORT"), "9000")
	http.Handle("/hooks", receiver(key, inbox))
	server := http.Server{Addr: address, ReadTimeout: 10 * time.Second}
	log.Printf("receiving at http://%s/hooks", address)
	log.Fatal(server.ListenAndServe())
}

func valueOr(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}
