internal import WasmModule
internal import WasmRuntime

/// Every call but the two that may not return: its parameters, and what performs it.
extension WASIPreview1Host {
    typealias Call = (HostCall) throws(Errno) -> Void

    func call(named name: String, in generation: Generation) -> (parameters: [ValueType], perform: Call)? {
        let i32 = ValueType.i32
        let i64 = ValueType.i64
        return switch name {
        case "args_get": ([i32, i32], argsGet)
        case "args_sizes_get": ([i32, i32], argsSizesGet)
        case "environ_get": ([i32, i32], environGet)
        case "environ_sizes_get": ([i32, i32], environSizesGet)
        case "clock_res_get": ([i32, i32], clockResGet)
        case "clock_time_get": ([i32, i64, i32], clockTimeGet)
        case "random_get": ([i32, i32], randomGet)
        case "sched_yield": ([], schedYield)

        case "fd_close": ([i32], fdClose)
        case "fd_renumber": ([i32, i32], fdRenumber)
        case "fd_fdstat_get": ([i32, i32], fdFdstatGet)
        case "fd_fdstat_set_flags": ([i32, i32], fdFdstatSetFlags)
        case "fd_fdstat_set_rights": ([i32, i64, i64], fdFdstatSetRights)
        case "fd_prestat_get": ([i32, i32], fdPrestatGet)
        case "fd_prestat_dir_name": ([i32, i32, i32], fdPrestatDirName)

        case "fd_read": ([i32, i32, i32, i32], fdRead)
        case "fd_write": ([i32, i32, i32, i32], fdWrite)
        case "fd_pread": ([i32, i32, i32, i64, i32], fdPread)
        case "fd_pwrite": ([i32, i32, i32, i64, i32], fdPwrite)
        case "fd_seek": ([i32, i64, i32, i32], { (call) throws(Errno) in try self.fdSeek(call, generation) })
        case "fd_tell": ([i32, i32], fdTell)
        case "fd_sync": ([i32], fdSync)
        case "fd_datasync": ([i32], fdDatasync)
        case "fd_advise": ([i32, i64, i64, i32], fdAdvise)
        case "fd_allocate": ([i32, i64, i64], fdAllocate)
        case "fd_readdir": ([i32, i32, i32, i64, i32], fdReaddir)

        case "fd_filestat_get": ([i32, i32], { (call) throws(Errno) in try self.fdFilestatGet(call, generation) })
        case "fd_filestat_set_size": ([i32, i64], fdFilestatSetSize)
        case "fd_filestat_set_times": ([i32, i64, i64, i32], fdFilestatSetTimes)
        case "path_filestat_get":
            ([i32, i32, i32, i32, i32], { (call) throws(Errno) in try self.pathFilestatGet(call, generation) })
        case "path_filestat_set_times": ([i32, i32, i32, i32, i64, i64, i32], pathFilestatSetTimes)

        case "path_open": ([i32, i32, i32, i32, i32, i64, i64, i32, i32], pathOpen)
        case "path_create_directory": ([i32, i32, i32], pathCreateDirectory)
        case "path_remove_directory": ([i32, i32, i32], pathRemoveDirectory)
        case "path_unlink_file": ([i32, i32, i32], pathUnlinkFile)
        case "path_rename": ([i32, i32, i32, i32, i32, i32], pathRename)
        case "path_link": ([i32, i32, i32, i32, i32, i32, i32], pathLink)
        case "path_symlink": ([i32, i32, i32, i32, i32], pathSymlink)
        case "path_readlink": ([i32, i32, i32, i32, i32, i32], pathReadlink)

        case "poll_oneoff": ([i32, i32, i32, i32], { (call) throws(Errno) in try self.pollOneoff(call, generation) })

        case "sock_accept" where generation == .preview1: ([i32, i32, i32], sockAccept)
        case "sock_recv": ([i32, i32, i32, i32, i32, i32], sockRecv)
        case "sock_send": ([i32, i32, i32, i32, i32], sockSend)
        case "sock_shutdown": ([i32, i32], sockShutdown)
        default: nil
        }
    }
}
