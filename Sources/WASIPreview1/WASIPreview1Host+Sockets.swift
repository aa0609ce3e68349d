internal import CLinux
internal import Glibc
internal import LinuxSystem
internal import WasmRuntime

/// Sockets that the host was started with: preview 1 has no call that makes one but `sock_accept`.
extension WASIPreview1Host {
    func sockAccept(_ call: HostCall) throws(Errno) {
        let descriptor = try socket(call.i32(0), needing: .sockAccept)
        let flags = try FDFlags(argument: call.i32(1))
        guard flags.subtracting(.nonblock).isEmpty else { throw .inval }
        try call.memory.check(call.i32(2), count: 4)
        let nonblocking = flags.contains(.nonblock) ? Int32(SOCK_NONBLOCK.rawValue) : 0
        let accepted = try unlocked(call.i32(0)) { () throws(Errno) in
            try linux { CLinux_accept(descriptor.number, nonblocking) }
        }
        let number = try descriptors.add(Descriptor(socket: OwnedDescriptor(owning: accepted)))
        try call.memory.write(number, at: call.i32(2))
    }

    func sockRecv(_ call: HostCall) throws(Errno) {
        let descriptor = try socket(call.i32(0), needing: .fdRead)
        let vectors = GuestVectors(memory: call.memory, address: call.i32(1), count: call.i32(2))
        guard call.i32(3) < 1 << 2 else { throw .inval }
        var flags: Int32 = 0
        if call.i32(3) & 1 != 0 { flags |= Int32(MSG_PEEK) }
        if call.i32(3) & 2 != 0 { flags |= Int32(MSG_WAITALL) }
        if descriptor.emulatesNonblocking { flags |= Int32(MSG_DONTWAIT) }
        try call.memory.check(call.i32(4), count: 4)
        try call.memory.check(call.i32(5), count: 2)
        var message = unsafe msghdr()
        // SAFETY: the vectors are inside the guest's memory; the message is a local that names nothing else.
        let count = try unlocked(call.i32(0)) { () throws(Errno) in
            try unsafe vectors.transfer { (list, count) in
                unsafe message.msg_iov = UnsafeMutablePointer(mutating: list)
                unsafe message.msg_iovlen = Int(count)
                return unsafe recvmsg(descriptor.number, &message, flags)
            }
        }
        let isTruncated = unsafe message.msg_flags & Int32(MSG_TRUNC) != 0
        try call.memory.write(count, at: call.i32(4))
        try call.memory.write(UInt16(isTruncated ? 1 : 0), at: call.i32(5))
    }

    func sockSend(_ call: HostCall) throws(Errno) {
        let descriptor = try socket(call.i32(0), needing: .fdWrite)
        let vectors = GuestVectors(memory: call.memory, address: call.i32(1), count: call.i32(2))
        guard call.i32(3) == 0 else { throw .inval }
        try call.memory.check(call.i32(4), count: 4)
        var flags = Int32(MSG_NOSIGNAL)
        if descriptor.emulatesNonblocking { flags |= Int32(MSG_DONTWAIT) }
        var message = unsafe msghdr()
        // SAFETY: as in `sockRecv`.
        let count = try unlocked(call.i32(0)) { () throws(Errno) in
            try unsafe vectors.transfer { (list, count) in
                unsafe message.msg_iov = UnsafeMutablePointer(mutating: list)
                unsafe message.msg_iovlen = Int(count)
                return unsafe sendmsg(descriptor.number, &message, flags)
            }
        }
        try call.memory.write(count, at: call.i32(4))
    }

    func sockShutdown(_ call: HostCall) throws(Errno) {
        let descriptor = try socket(call.i32(0), needing: .sockShutdown)
        let how =
            switch call.i32(1) {
            case 1: SHUT_RD
            case 2: SHUT_WR
            case 3: SHUT_RDWR
            default: throw Errno.inval
            }
        try linux { shutdown(descriptor.number, Int32(how)) }
    }

    /// The socket that the guest calls `number`; `notsock` when that is something else.
    private func socket(_ number: UInt32, needing rights: Rights) throws(Errno) -> Descriptor {
        let descriptor = try descriptor(number, needing: [])
        guard descriptor.filetype == .socketStream || descriptor.filetype == .socketDgram else { throw .notsock }
        if let refusal = descriptor.refusal(of: rights) { throw refusal }
        return descriptor
    }
}
