// Package life is what all logs have in common: how they live, and how they wake whoever waits.
//
// A log is open; then it may fail; in the end it is closed. [Life] keeps that, once and for all: the first failure is the
// one everybody is told, and closing lets calls under way come to their end before the engine is let go. A driver holds
// one in a field, and begins each call that needs its engine with it:
//
//	func (l *Log) Read(ctx context.Context, …) (…, error) {
//		if err := l.life.Enter(ctx); err != nil {
//			return nil, err // events.ErrClosed, the failure, or ctx.Err()
//		}
//		defer l.life.Leave()
//		…
//	}
//
//	func (l *Log) Failed() <-chan struct{} { return l.life.Failed() }
//	func (l *Log) Err() error              { return l.life.Err() }
//	func (l *Log) Close() error            { return l.life.Close(l.release) }
//
// A [Bell] rings when the log has grown; [Life.Until] is the loop of whoever waits for that:
//
//	func (l *Log) Wait(ctx context.Context, after events.Position) error {
//		return l.life.Until(ctx, l.bell.Wait, func() bool { return l.head().Position > after })
//	}
//
// What differs stays with the drivers: which errors are failures and what is said of them (events.ErrFailed,
// *events.CorruptError), how long Close is patient with a server that is away, and what cannot be closed any more.
package life
