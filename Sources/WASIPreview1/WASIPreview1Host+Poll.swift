internal import CLinux
internal import Glibc
internal import WasmRuntime

/// Waiting for clocks and descriptors.
extension WASIPreview1Host {
    /// The size of an `event`, and the only flag there is: the other side hung up.
    private static let eventSize: UInt32 = 32
    private static let hangup: UInt16 = 1

    /// Waits until at least one subscription has happened, then reports each that has.
    ///
    /// The list stays in guest memory and is read again when it is reported, so however long it is, what is kept here
    /// is at most one entry a descriptor.
    func pollOneoff(_ call: HostCall, _ generation: Generation) throws(Errno) {
        let count = call.i32(2)
        guard count > 0 else { throw .inval }
        let list = PollList(
            memory: call.memory, address: call.i32(0), count: count, generation: generation,
            start: try Self.now(CLOCK_MONOTONIC))
        try call.memory.check(call.i32(0), count: UInt64(count) * UInt64(Subscription.stride(generation)))
        try call.memory.check(call.i32(1), count: UInt64(count) * UInt64(Self.eventSize))
        try call.memory.check(call.i32(3), count: 4)

        var waiting = try gather(list)
        while true {
            try unlocked { () throws(Errno) in try waiting.wait() }
            let happened = try report(list, waiting, at: call.i32(1))
            if happened > 0 {
                try call.memory.write(happened, at: call.i32(3))
                return
            }
        }
    }

    /// Reads the list once, for what the kernel has to wait for.
    private func gather(_ list: PollList) throws(Errno) -> PollWait {
        var waiting = PollWait(descriptors: descriptors.count)
        for index in 0..<list.count {
            switch try list[index].event {
            case .clock(let clock, let deadline): waiting.add(clock: clock, deadline: deadline)
            case .fdRead(let number): add(number, Int16(POLLIN), to: &waiting)
            case .fdWrite(let number): add(number, Int16(POLLOUT), to: &waiting)
            }
        }
        return waiting
    }

    private func add(_ number: UInt32, _ events: Int16, to waiting: inout PollWait) {
        if let descriptor = pollable(number) {
            waiting.add(descriptor, called: number, events: events)
        } else {
            waiting.hasImmediate = true
        }
    }

    private func pollable(_ number: UInt32) -> Descriptor? {
        guard let descriptor = descriptors[number], descriptor.refusal(of: .pollFdReadwrite) == nil else { return nil }
        return descriptor
    }

    /// Stores an event for each subscription that has happened; returns how many.
    private func report(_ list: PollList, _ waiting: PollWait, at address: UInt32) throws(Errno) -> UInt32 {
        var happened: UInt32 = 0
        for index in 0..<list.count {
            let subscription = try list[index]
            var answer = Errno.success
            var bytes: UInt64 = 0
            var flags: UInt16 = 0
            let type: UInt8
            switch subscription.event {
            case .clock(let clock, let deadline):
                guard waiting.now(clock) >= deadline else { continue }
                type = 0
            case .fdRead(let number), .fdWrite(let number):
                let isRead = if case .fdRead = subscription.event { true } else { false }
                type = isRead ? 1 : 2
                guard let descriptor = pollable(number) else {
                    answer = descriptors[number]?.refusal(of: .pollFdReadwrite) ?? .badf
                    break
                }
                let events = Int32(waiting.events(of: number))
                let asked = isRead ? POLLIN : POLLOUT
                guard events & (asked | POLLHUP | POLLERR | POLLNVAL) != 0 else { continue }
                if events & POLLNVAL != 0 { answer = .badf }
                if events & POLLHUP != 0 || events & POLLERR != 0 { flags = Self.hangup }
                if answer == .success, isRead { bytes = Self.readable(descriptor) }
            }
            let event = address + happened * Self.eventSize
            let memory = list.memory
            try memory.write(subscription.userdata, at: event)
            try memory.write(UInt64(answer.rawValue) | UInt64(type) << 16, at: event + 8)
            try memory.write(bytes, at: event + 16)
            try memory.write(UInt64(flags), at: event + 24)
            happened += 1
        }
        return happened
    }

    /// How many bytes a read gives now: of a file, those up to its end.
    private static func readable(_ descriptor: Descriptor) -> UInt64 {
        if descriptor.filetype == .regularFile {
            var status = stat()
            // SAFETY: fstat fills the local it is given.
            guard unsafe fstat(descriptor.number, &status) == 0 else { return 0 }
            return UInt64(max(0, Int(status.st_size) - max(0, lseek(descriptor.number, 0, SEEK_CUR))))
        }
        return UInt64(max(0, CLinux_readable_bytes(descriptor.number)))
    }
}
