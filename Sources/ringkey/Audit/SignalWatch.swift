import Dispatch
import Foundation
import Synchronization

/// Turns Ctrl-C and requests to end into a call. The second one ends the process at once: every line of results is
/// complete at any time.
final class SignalWatch: Sendable {
    private let received = Mutex<Int32?>(nil)
    private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

    /// The first signal that came.
    var signal: Int32? { received.withLock { $0 } }

    /// Watches until the process ends.
    init(_ stop: @escaping @Sendable (Int32) -> Void) {
        let signals = [SIGINT, SIGTERM, SIGHUP]
        let queue = DispatchQueue(label: "signals")
        sources = signals.map { DispatchSource.makeSignalSource(signal: $0, queue: queue) }
        for (number, source) in zip(signals, sources) {
            // A process whose parent ignores the signal (nohup) goes on ignoring it.
            var action = sigaction()
            sigaction(number, nil, &action)
            let handler = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            if handler == unsafeBitCast(SIG_IGN, to: Int.self) { continue }
            Foundation.signal(number, SIG_IGN)
            source.setEventHandler { [weak self] in self?.note(number, stop) }
            source.activate()
        }
    }

    private func note(_ number: Int32, _ stop: (Int32) -> Void) {
        let isFirst = received.withLock { received in
            defer { received = received ?? number }
            return received == nil
        }
        if isFirst { stop(number) } else { _exit(128 + number) }
    }
}
