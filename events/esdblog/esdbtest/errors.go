package esdbtest

import (
	"context"
	"fmt"
	"net"
	"strconv"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// errProtocol is what a server answers whose handler throws InvalidOperationException.
var errProtocol = status.Error(codes.Unknown, "Exception was thrown by handler. InvalidOperationException")

// errNotReady is what a node answers that knows of no leader.
var errNotReady = status.Error(codes.Unavailable, "Server Is Not Ready")

// errUnexplained is what a server answers that meets something it has no answer for.
var errUnexplained = status.Error(codes.Unknown, "Exception was thrown by handler.")

// failure is a status with the trailers that clients tell errors apart by.
type failure struct {
	status   *status.Status
	trailers metadata.MD
}

func (f *failure) Error() string              { return f.status.Err().Error() }
func (f *failure) GRPCStatus() *status.Status { return f.status }

func fail(code codes.Code, message string, trailers ...string) error {
	return &failure{status.New(code, message), metadata.Pairs(trailers...)}
}

func accessDenied() error {
	return fail(codes.PermissionDenied, "Access Denied", "exception", "access-denied")
}

func streamDeleted(name string) error {
	return fail(codes.FailedPrecondition, fmt.Sprintf("Event stream '%s' is deleted.", name), "exception", "stream-deleted", "stream-name", name)
}

func wrongVersionError(operation, name string, expected, current int64) error {
	return fail(codes.FailedPrecondition,
		fmt.Sprintf("%s failed due to WrongExpectedVersion. Stream: %s, Expected version: %d, Actual version: %d", operation, name, expected, current),
		"exception", "wrong-expected-version", "stream-name", name,
		"expected-version", strconv.FormatInt(expected, 10), "actual-version", strconv.FormatInt(current, 10))
}

func notLeader(leader string) error {
	host, port, _ := net.SplitHostPort(leader)
	return fail(codes.NotFound, "Leader info available",
		"exception", "not-leader", "leader-endpoint-host", host, "leader-endpoint-port", port)
}

func missingProperty(key string) error {
	return fail(codes.InvalidArgument, fmt.Sprintf("Required Metadata Property '%s' is missing", key),
		"exception", "missing-required-metadata-property", "required-metadata-properties", "type,content-type")
}

func tooLarge() error {
	return fail(codes.InvalidArgument, fmt.Sprintf("Maximum Append Size of %d Exceeded.", MaxAppendSize),
		"exception", "maximum-append-size-exceeded", "maximum-append-size", strconv.Itoa(MaxAppendSize))
}

// trailStream and trailUnary send the trailers of a failure.
func trailStream(srv any, ss grpc.ServerStream, _ *grpc.StreamServerInfo, next grpc.StreamHandler) error {
	err := next(srv, ss)
	if f, ok := err.(*failure); ok { //nolint:errorlint // made here, never wrapped
		ss.SetTrailer(f.trailers)
	}
	return err
}

func trailUnary(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	answer, err := next(ctx, req)
	if f, ok := err.(*failure); ok { //nolint:errorlint // made here, never wrapped
		_ = grpc.SetTrailer(ctx, f.trailers)
	}
	return answer, err
}
