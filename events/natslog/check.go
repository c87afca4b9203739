package natslog

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// The oldest server that answers direct gets of many messages.
const oldestMajor, oldestMinor = 2, 11

// checkServer refuses a server that cannot carry the log.
func checkServer(conn *nats.Conn) error {
	var major, minor int
	version := conn.ConnectedServerVersion()
	if _, err := fmt.Sscanf(version, "%d.%d", &major, &minor); err != nil || major < oldestMajor || major == oldestMajor && minor < oldestMinor {
		return fmt.Errorf("the server is NATS %s, which is too old: %d.%d or later is needed", version, oldestMajor, oldestMinor)
	}
	if need := int64(messageMax + 1024); conn.MaxPayload() < need {
		return fmt.Errorf("the server takes messages of %d bytes only: set max_payload to 1MB there (%d bytes are needed)", conn.MaxPayload(), need)
	}
	return nil
}

// settings are those of a new stream.
func (t *target) streamConfig(clustered bool) jetstream.StreamConfig {
	replicas := t.replicas
	if replicas == 0 {
		replicas = 1
		if clustered {
			replicas = 3
		}
	}
	return jetstream.StreamConfig{
		Name: t.stream, Subjects: []string{t.subject()}, Description: "the events of c360; every message holds many",
		Retention: jetstream.LimitsPolicy, Discard: jetstream.DiscardNew, Storage: jetstream.FileStorage, Replicas: replicas,
		MaxMsgs: -1, MaxBytes: -1, MaxMsgsPerSubject: -1, MaxMsgSize: -1, MaxConsumers: -1,
		DenyDelete: true, DenyPurge: true, AllowDirect: true,
	}
}

// checkStream refuses a stream that could lose what it has acknowledged, or that is not ours, and says why.
func (t *target) checkStream(info *jetstream.StreamInfo) error {
	c := &info.Config
	var wrong []string
	for _, w := range []struct {
		what string
		is   bool
	}{
		{"it holds other subjects than " + t.subject() + ": " + strings.Join(c.Subjects, " "), !slices.Equal(c.Subjects, []string{t.subject()})},
		{"retention is not limits", c.Retention != jetstream.LimitsPolicy},
		{"discard is not new", c.Discard != jetstream.DiscardNew},
		{"storage is not file", c.Storage != jetstream.FileStorage},
		{"it has a limit (max_msgs, max_bytes, max_age or max_msgs_per_subject)", limited(c)},
		{"messages are limited to less than 1 MB (max_msg_size)", c.MaxMsgSize > 0 && c.MaxMsgSize < messageMax+1024},
		{"messages may be deleted or purged (deny_delete, deny_purge)", !c.DenyDelete || !c.DenyPurge},
		{"direct gets are not allowed (allow_direct)", !c.AllowDirect},
		{"it is a mirror, has sources, or transforms subjects", c.Mirror != nil || len(c.Sources) > 0 || c.SubjectTransform != nil},
		{"it is sealed", c.Sealed},
		{"it does not acknowledge (no_ack), or before it has stored (persist_mode async)", c.NoAck || c.PersistMode != jetstream.DefaultPersistMode},
		{"messages may replace others (allow_rollup_hdrs, allow_msg_ttl)", c.AllowRollup || c.AllowMsgTTL},
		{fmt.Sprintf("it has %d replicas, and the URL says %d", c.Replicas, t.replicas), t.replicas != 0 && t.replicas != c.Replicas},
		{"its first messages are gone", info.State.FirstSeq > 1},
	} {
		if w.is {
			wrong = append(wrong, w.what)
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("the stream %s is there but cannot be used: %s; name another stream, or change it with the nats tool", t.stream, strings.Join(wrong, "; "))
	}
	return t.checkSync(c.Replicas)
}

func limited(c *jetstream.StreamConfig) bool {
	return c.MaxMsgs > 0 || c.MaxBytes > 0 || c.MaxAge > 0 || c.MaxMsgsPerSubject > 0
}

// checkSync refuses one replica on a server that may acknowledge before it has synced. A server does not tell its clients
// which it does, so whoever runs it says so in the URL.
func (t *target) checkSync(replicas int) error {
	if replicas > 1 || t.synced {
		return nil
	}
	return errors.New("with one replica a power cut would take back what was acknowledged, up to two minutes of it: use three (replicas=3 in a cluster), " +
		"or put sync_interval: always into the jetstream block of the server's configuration and ?sync=always into the URL")
}

// checkAccess finds out whether frames may be published and read, without storing one: no stream ever ends at that number.
// A stream that is still to be made need not be there for that.
func (l *Log) checkAccess(ctx context.Context) error {
	_, err := l.js.PublishMsg(ctx, &nats.Msg{Subject: l.target.subject()}, jetstream.WithRetryAttempts(0),
		jetstream.WithExpectStream(l.target.stream), jetstream.WithExpectLastSequence(math.MaxInt64))
	var api *jetstream.APIError
	wrongSequence := errors.As(err, &api) &&
		(api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence || api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant)
	if wrongSequence || l.toBeMade(err) {
		_, err = l.fetchLeader(ctx, 1)
	}
	if err == nil || errors.Is(err, errMissing) || l.toBeMade(err) {
		if _, err = l.fetchRun(ctx, 1, 1); err == nil || l.toBeMade(err) {
			return l.conn.FlushWithContext(ctx)
		}
	}
	return err
}

// toBeMade reports whether an answer says only that there is no stream, and there is none yet.
func (l *Log) toBeMade(err error) bool {
	return l.created.IsZero() &&
		(errors.Is(err, jetstream.ErrNoStreamResponse) || errors.Is(err, nats.ErrNoResponders) || errors.Is(err, jetstream.ErrStreamNotFound))
}
