import Auditing
import Dispatch
import Foundation
import Synchronization

/// Turns the first Ctrl-C or request to end into a call. The second one ends the process at once: every line of results is
/// complete at any time.
final class SignalWatch: Sendable {
    private let received = Mutex<Int32?>(nil)
    private nonisolated(unsafe) let watched: [(number: Int32, source: any DispatchSourceSignal)]

    /// The first signal that came.
    var signal: Int32? { received.withLock { $0 } }

    /// Watches as long as it lives.
    /// - Parameter stop: called once, on a thread of its own: a terminal that takes no text must not keep the second signal.
    init(_ stop: @escaping @Sendable () -> Void) {
        let queue = DispatchQueue(label: "signals")
        // A source that is never activated must not be released.
        watched = [SIGINT, SIGTERM, SIGHUP].filter { !Self.isIgnored($0) }.map {
            ($0, DispatchSource.makeSignalSource(signal: $0, queue: queue))
        }
        for (number, source) in watched {
            Foundation.signal(number, SIG_IGN)
            source.setEventHandler { [weak self] in self?.note(number, stop) }
            source.activate()
        }
    }

    deinit {
        for (number, source) in watched {
            source.cancel()
            Foundation.signal(number, SIG_DFL)
        }
    }

    /// A process whose parent ignores a signal (nohup) goes on ignoring it.
    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        sigaction(number, nil, &action)
        let handler = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
        return handler == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    private func note(_ number: Int32, _ stop: @escaping @Sendable () -> Void) {
        let isFirst = received.withLock { received in
            defer { received = received ?? number }
            return received == nil
        }
        guard isFirst else { _exit(128 + number) }
        if (try? DetachedThread.start("stop", stop)) == nil { stop() }
    }
}
