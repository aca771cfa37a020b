// A small worker: takes actions from a coordinator, one at a time, and answers each with verdicts.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"example.com/worker/gen/common"
	"example.com/worker/gen/coordinator"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// handle is what this worker is for. An error is a nack: it cannot handle the action.
func handle(action *coordinator.OspreyCoordinatorAction) ([]string, error) {
	var data struct {
		Address string `json:"ip_address"`
	}
	if err := json.Unmarshal(action.GetJsonActionData(), &data); err != nil {
		return nil, err
	}
	if strings.HasPrefix(data.Address, "192.168.") {
		return []string{"internal_ip"}, nil
	}
	return []string{"seen"}, nil
}

func answer(action *coordinator.OspreyCoordinatorAction) *coordinator.AckOrNack {
	verdicts, err := handle(action)
	if err != nil {
		log.Printf("nacked: action_id=%d", action.ActionId)
		nack := &coordinator.AckOrNack_Nack{Nack: &coordinator.Nack{}}
		return &coordinator.AckOrNack{AckId: action.AckId, AckOrNack: nack}
	}
	ack := &coordinator.Ack{Verdicts: &common.Verdicts{
		ActionId:   action.ActionId,
		ActionName: action.ActionName,
		Verdicts:   verdicts,
		Timestamp:  action.Timestamp,
	}}
	return &coordinator.AckOrNack{AckId: action.AckId, AckOrNack: &coordinator.AckOrNack_Ack{Ack: ack}}
}

func next(result *coordinator.AckOrNack) *coordinator.Request {
	return &coordinator.Request{Request: &coordinator.Request_ActionRequest{ActionRequest: &coordinator.ActionRequest{
		ActionRequest: &coordinator.ActionRequest_AckOrNack{AckOrNack: result},
	}}}
}

func farewell(result *coordinator.AckOrNack) *coordinator.Request {
	return &coordinator.Request{Request: &coordinator.Request_Disconnect{
		Disconnect: &coordinator.Disconnect{AckOrNack: result},
	}}
}

func initial(id string) *coordinator.Request {
	return &coordinator.Request{Request: &coordinator.Request_ActionRequest{ActionRequest: &coordinator.ActionRequest{
		ActionRequest: &coordinator.ActionRequest_Initial{Initial: &coordinator.ClientDetails{Id: id}},
	}}}
}

// serve works on one stream until the coordinator ends it, or until stopping after what is in hand.
func serve(client coordinator.OspreyCoordinatorServiceClient, stopping context.Context) error {
	stream, err := client.OspreyBidirectionalStream(context.Background())
	if err != nil {
		return err
	}
	if err := stream.Send(initial("example")); err != nil {
		return err
	}
	actions := make(chan *coordinator.OspreyCoordinatorAction)
	ended := make(chan error, 1)
	go func() {
		for {
			action, err := stream.Recv()
			if err != nil {
				ended <- err
				return
			}
			actions <- action
		}
	}()
	for {
		select {
		case err := <-ended:
			return err
		case <-stopping.Done():
			return leave(stream, farewell(nil), actions, ended)
		case action := <-actions:
			result := answer(action)
			if stopping.Err() != nil {
				return leave(stream, farewell(result), actions, ended)
			}
			if err := stream.Send(next(result)); err != nil {
				return err
			}
		}
	}
}

// leave says farewell and waits for the end. What crosses it on the way goes to somebody else.
func leave(
	stream coordinator.OspreyCoordinatorService_OspreyBidirectionalStreamClient,
	last *coordinator.Request,
	actions <-chan *coordinator.OspreyCoordinatorAction,
	ended <-chan error,
) error {
	if err := stream.Send(last); err != nil {
		return err
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	for {
		select {
		case <-actions:
		case err := <-ended:
			return err
		}
	}
}

func main() {
	target := "127.0.0.1:19950"
	if len(os.Args) > 1 {
		target = os.Args[1]
	}
	stopping, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	connection, err := grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	client := coordinator.NewOspreyCoordinatorServiceClient(connection)
	for stopping.Err() == nil {
		// A stream that ends without an error is one for which nothing came: the next one follows at once.
		if err := serve(client, stopping); !errors.Is(err, io.EOF) {
			log.Printf("lost the coordinator: %v", err)
			time.Sleep(time.Second)
		}
	}
	connection.Close()
}
