package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"time"
)

// A payload has at most 1 MiB.
const bodyLimit = 2 << 20

func receiver(key []byte, inbox inbox) http.HandlerFunc {
	return func(response http.ResponseWriter, request *http.Request) {
		if request.Method != http.MethodPost {
			response.Header().Set("Allow", http.MethodPost)
			response.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		// The bytes as they came in: a signature is of them, not of what a JSON decoder makes of them.
		body, err := io.ReadAll(http.MaxBytesReader(response, request.Body, bodyLimit))
		if err != nil {
			response.WriteHeader(http.StatusBadRequest)
			return
		}
		if !isGenuine(key, request.Header, body, time.Now()) {
			response.WriteHeader(http.StatusUnauthorized)
			return
		}
		// The answer says that the delivery is safe here. The work is for whoever reads the inbox, afterwards.
		id := request.Header.Get("webhook-id")
		isNew, err := inbox.keep(id, body)
		if err != nil {
			log.Print(err)
			response.WriteHeader(http.StatusInternalServerError)
			return
		}
		if isNew {
			fmt.Println("new", id)
		} else {
			fmt.Println("known", id)
		}
		response.WriteHeader(http.StatusNoContent)
	}
}
