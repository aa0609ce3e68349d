internal import Glibc
internal import WasmRuntime

/// What a descriptor is, and which number it has.
extension WASIPreview1Host {
    func fdClose(_ call: HostCall) throws(Errno) {
        try descriptors.remove(call.i32(0))
    }

    func fdRenumber(_ call: HostCall) throws(Errno) {
        try descriptors.move(call.i32(0), to: call.i32(1))
    }

    func fdFdstatGet(_ call: HostCall) throws(Errno) {
        let descriptor = try descriptor(call.i32(0), needing: [])
        let (memory, address) = (call.memory, call.i32(1))
        try memory.check(address, count: 24)
        let flags = try descriptor.flags()
        try memory.write(UInt64(descriptor.filetype.rawValue) | UInt64(flags.rawValue) << 16, at: address)
        try memory.write(descriptor.base.rawValue, at: address + 8)
        try memory.write(descriptor.inheriting.rawValue, at: address + 16)
    }

    func fdFdstatSetFlags(_ call: HostCall) throws(Errno) {
        let flags = try FDFlags(argument: call.i32(1))
        try descriptor(call.i32(0), needing: .fdFdstatSetFlags).setFlags(flags)
    }

    func fdFdstatSetRights(_ call: HostCall) throws(Errno) {
        let descriptor = try descriptor(call.i32(0), needing: [])
        try descriptor.restrict(
            base: Rights(rawValue: call.i64(1)), inheriting: Rights(rawValue: call.i64(2)))
    }

    func fdPrestatGet(_ call: HostCall) throws(Errno) {
        guard let name = try descriptor(call.i32(0), needing: []).preopenName else { throw .badf }
        // The tag, 0 for a directory, and the length of its name.
        try call.memory.write(UInt64(name.count) << 32, at: call.i32(1))
    }

    func fdPrestatDirName(_ call: HostCall) throws(Errno) {
        guard let name = try descriptor(call.i32(0), needing: []).preopenName else { throw .notdir }
        guard name.count <= Int(call.i32(2)) else { throw .nametoolong }
        do { try call.memory.store(bytes: name, at: call.i32(1)) } catch { throw .fault }
    }
}
