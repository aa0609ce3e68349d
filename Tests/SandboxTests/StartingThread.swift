import Glibc

/// Does something on a thread that ends afterwards.
final class StartingThread {
    private var handle = pthread_t()
    private let work: Work

    init(_ body: @escaping () throws -> Box) {
        work = Work(body)
        let kept = unsafe Unmanaged.passRetained(work)
        // SAFETY: the thread takes the one reference that was kept for it.
        unsafe pthread_create(
            &handle, nil,
            { argument in
                unsafe Unmanaged<Work>.fromOpaque(argument!).takeRetainedValue().perform()
                return nil
            }, kept.toOpaque())
    }

    /// Waits for the thread's end; what it made.
    func result() throws -> Box? {
        pthread_join(handle, nil)
        return try work.outcome?.get()
    }

    private final class Work {
        let body: () throws -> Box
        /// Written by the thread, and read after it was waited for.
        var outcome: Result<Box, any Error>?

        init(_ body: @escaping () throws -> Box) { self.body = body }

        func perform() { outcome = Result { try body() } }
    }
}
