// 30 compare, the same echo in Go: a goroutine for each connection, as the documents have it. There
// is an epoll loop in it all the same: it is in Go's runtime (the "netpoller"), which puts a goroutine
// to sleep when Read() would have to wait, and wakes it when epoll names its socket.
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func serve(conn net.Conn) {
	defer conn.Close()
	buffer := make([]byte, 4096)
	for {
		n, err := conn.Read(buffer)
		if n > 0 {
			if _, err := conn.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err == io.EOF {
			return // the client has closed: no error
		}
		if err != nil {
			return
		}
	}
}

func main() {
	host, port := "127.0.0.1", "8080"
	if len(os.Args) > 1 {
		host = os.Args[1]
	}
	if len(os.Args) > 2 {
		port = os.Args[2]
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, os.Interrupt)
	go func() {
		<-stop
		os.Exit(0)
	}()
	listener, err := net.Listen("tcp", net.JoinHostPort(host, port))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("Listening on %s port %s\n", host, port)
	for {
		conn, err := listener.Accept()
		if err != nil { // no descriptor left, perhaps: trying again at once would spin
			log.Print(err)
			time.Sleep(10 * time.Millisecond)
			continue
		}
		go serve(conn)
	}
}
