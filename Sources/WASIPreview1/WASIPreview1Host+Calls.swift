internal import CLinux
internal import WasmModule
internal import WasmRuntime

/// Every call but the two that may not return: its parameters, and what performs it.
extension WASIPreview1Host {
    func call(named name: String, in generation: Generation) -> HostFunction? {
        let i32 = ValueType.i32
        let i64 = ValueType.i64
        return switch name {
        case "args_get": provided([i32, i32]) { (host, call) throws(Errno) in try host.argsGet(call) }
        case "args_sizes_get": provided([i32, i32]) { (host, call) throws(Errno) in try host.argsSizesGet(call) }
        case "environ_get": provided([i32, i32]) { (host, call) throws(Errno) in try host.environGet(call) }
        case "environ_sizes_get": provided([i32, i32]) { (host, call) throws(Errno) in try host.environSizesGet(call) }
        case "clock_res_get": provided([i32, i32]) { (host, call) throws(Errno) in try host.clockResGet(call) }
        case "clock_time_get": provided([i32, i64, i32]) { (host, call) throws(Errno) in try host.clockTimeGet(call) }
        case "random_get": provided([i32, i32]) { (host, call) throws(Errno) in try host.randomGet(call) }
        case "sched_yield": provided([]) { (host, call) throws(Errno) in try host.schedYield(call) }

        case "fd_close": provided([i32]) { (host, call) throws(Errno) in try host.fdClose(call) }
        case "fd_renumber": provided([i32, i32]) { (host, call) throws(Errno) in try host.fdRenumber(call) }
        case "fd_fdstat_get": provided([i32, i32]) { (host, call) throws(Errno) in try host.fdFdstatGet(call) }
        case "fd_fdstat_set_flags":
            provided([i32, i32]) { (host, call) throws(Errno) in try host.fdFdstatSetFlags(call) }
        case "fd_fdstat_set_rights":
            provided([i32, i64, i64]) { (host, call) throws(Errno) in try host.fdFdstatSetRights(call) }
        case "fd_prestat_get": provided([i32, i32]) { (host, call) throws(Errno) in try host.fdPrestatGet(call) }
        case "fd_prestat_dir_name":
            provided([i32, i32, i32]) { (host, call) throws(Errno) in try host.fdPrestatDirName(call) }

        case "fd_read":
            // Its own function down to the system call, of which every return on the way back costs more than usual.
            HostFunction(FunctionType([i32, i32, i32, i32], [i32])) { [self] call in
                answer(call) { () throws(Errno) in try fdRead(call) }
            }
        case "fd_write":
            // Its own function down to the system call, of which every return on the way back costs more than usual.
            HostFunction(FunctionType([i32, i32, i32, i32], [i32])) { [self] call in
                answer(call) { () throws(Errno) in try fdWrite(call) }
            }
        case "fd_pread": provided([i32, i32, i32, i64, i32]) { (host, call) throws(Errno) in try host.fdPread(call) }
        case "fd_pwrite": provided([i32, i32, i32, i64, i32]) { (host, call) throws(Errno) in try host.fdPwrite(call) }
        case "fd_seek":
            provided([i32, i64, i32, i32]) { (host, call) throws(Errno) in try host.fdSeek(call, generation) }
        case "fd_tell": provided([i32, i32]) { (host, call) throws(Errno) in try host.fdTell(call) }
        case "fd_sync": provided([i32]) { (host, call) throws(Errno) in try host.fdSync(call) }
        case "fd_datasync": provided([i32]) { (host, call) throws(Errno) in try host.fdDatasync(call) }
        case "fd_advise": provided([i32, i64, i64, i32]) { (host, call) throws(Errno) in try host.fdAdvise(call) }
        case "fd_allocate": provided([i32, i64, i64]) { (host, call) throws(Errno) in try host.fdAllocate(call) }
        case "fd_readdir":
            provided([i32, i32, i32, i64, i32]) { (host, call) throws(Errno) in try host.fdReaddir(call) }

        case "fd_filestat_get":
            provided([i32, i32]) { (host, call) throws(Errno) in try host.fdFilestatGet(call, generation) }
        case "fd_filestat_set_size":
            provided([i32, i64]) { (host, call) throws(Errno) in try host.fdFilestatSetSize(call) }
        case "fd_filestat_set_times":
            provided([i32, i64, i64, i32]) { (host, call) throws(Errno) in try host.fdFilestatSetTimes(call) }
        case "path_filestat_get":
            provided([i32, i32, i32, i32, i32]) { (host, call) throws(Errno) in
                try host.pathFilestatGet(call, generation)
            }
        case "path_filestat_set_times":
            provided([i32, i32, i32, i32, i64, i64, i32]) { (host, call) throws(Errno) in
                try host.pathFilestatSetTimes(call)
            }

        case "path_open":
            provided([i32, i32, i32, i32, i32, i64, i64, i32, i32]) { (host, call) throws(Errno) in
                try host.pathOpen(call)
            }
        case "path_create_directory":
            provided([i32, i32, i32]) { (host, call) throws(Errno) in try host.pathCreateDirectory(call) }
        case "path_remove_directory":
            provided([i32, i32, i32]) { (host, call) throws(Errno) in try host.pathRemoveDirectory(call) }
        case "path_unlink_file":
            provided([i32, i32, i32]) { (host, call) throws(Errno) in try host.pathUnlinkFile(call) }
        case "path_rename":
            provided([i32, i32, i32, i32, i32, i32]) { (host, call) throws(Errno) in try host.pathRename(call) }
        case "path_link":
            provided([i32, i32, i32, i32, i32, i32, i32]) { (host, call) throws(Errno) in try host.pathLink(call) }
        case "path_symlink":
            provided([i32, i32, i32, i32, i32]) { (host, call) throws(Errno) in try host.pathSymlink(call) }
        case "path_readlink":
            provided([i32, i32, i32, i32, i32, i32]) { (host, call) throws(Errno) in try host.pathReadlink(call) }

        case "poll_oneoff":
            provided([i32, i32, i32, i32]) { (host, call) throws(Errno) in try host.pollOneoff(call, generation) }

        case "sock_accept" where generation == .preview1:
            provided([i32, i32, i32]) { (host, call) throws(Errno) in try host.sockAccept(call) }
        case "sock_recv":
            provided([i32, i32, i32, i32, i32, i32]) { (host, call) throws(Errno) in try host.sockRecv(call) }
        case "sock_send": provided([i32, i32, i32, i32, i32]) { (host, call) throws(Errno) in try host.sockSend(call) }
        case "sock_shutdown": provided([i32, i32]) { (host, call) throws(Errno) in try host.sockShutdown(call) }
        default: nil
        }
    }

    /// A function whose result is an error number.
    private func provided(
        _ parameters: [ValueType], _ perform: @escaping (WASIPreview1Host, HostCall) throws(Errno) -> Void
    ) -> HostFunction {
        HostFunction(FunctionType(parameters, [.i32])) { [self] call in
            answer(call) { () throws(Errno) in try perform(self, call) }
        }
    }

    /// Performs a call, the only one meanwhile, and gives its error number.
    @inline(__always)
    private func answer(_ call: HostCall, _ perform: () throws(Errno) -> Void) -> HostOutcome {
        if hasThreads { lock?.lock() }
        defer { if hasThreads { lock?.unlock() } }
        // A signal that is to end the guest does so before its code goes on (specs/sandbox.md).
        CLinux_begin_host_call()
        defer { CLinux_end_host_call() }
        do throws(Errno) {
            try perform()
            call.setResult(UInt64(Errno.success.rawValue))
        } catch {
            call.setResult(UInt64(error.rawValue))
        }
        return .returned
    }
}
