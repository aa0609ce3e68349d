internal import Glibc
package import Logging

/// A logger for the shim: into the `log` pipe of the bundle at `path`, in containerd's form; without a path it says
/// nothing. `debug` is the command line's `-debug`.
package func shimLogger(path: String?, debug: Bool) -> Logger {
    guard let path else { return Logger(label: "wasm-shim") { _ in SwiftLogNoOpLogHandler() } }
    let fifo = ShimLogFifo(path: path)
    return Logger(label: "wasm-shim") { _ in ShimLog(fifo: fifo, logLevel: debug ? .debug : .info) }
}

/// Makes lines of what is logged and gives them to the pipe.
struct ShimLog: LogHandler {
    let fifo: ShimLogFifo
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(fifo: ShimLogFifo, logLevel: Logger.Level) {
        self.fifo = fifo
        self.logLevel = logLevel
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = metadata.mapValues { "\($0)" }
        for (key, value) in event.metadata ?? [:] { fields[key] = "\(value)" }
        if let error = event.error { fields["error"] = "\(error)" }
        var now = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &now)
        fifo.write(ShimLogLine(at: now, level: event.level, message: "\(event.message)", fields: fields))
    }
}
