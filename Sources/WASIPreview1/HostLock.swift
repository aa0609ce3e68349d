internal import Glibc

/// Keeps the threads of a guest apart while they are in calls of the host.
// SAFETY: the mutex is made in `init`, goes in `deinit`, and never moves.
@safe final class HostLock: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    init() {
        unsafe mutex = .allocate(capacity: 1)
        unsafe pthread_mutex_init(mutex, nil)
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    func lock() { unsafe pthread_mutex_lock(mutex) }

    func unlock() { unsafe pthread_mutex_unlock(mutex) }
}

extension WASIPreview1Host {
    /// Does what may wait for somebody else, letting the guest's other threads into the host meanwhile. What the guest calls
    /// `number` stays open until it is done, whoever closes it.
    @inline(__always)
    @discardableResult
    func unlocked<Result>(_ number: UInt32? = nil, _ body: () throws(Errno) -> Result) throws(Errno) -> Result {
        guard hasThreads else { return try body() }
        let descriptor = number.flatMap { descriptors[$0] }
        lock?.unlock()
        defer {
            lock?.lock()
            withExtendedLifetime(descriptor) {}
        }
        return try body()
    }
}
