internal import Glibc

/// What a descriptor or a directory's entry is: `filetype` of wasi_snapshot_preview1.
enum Filetype: UInt8 {
    case unknown = 0, blockDevice, characterDevice, directory, regularFile, socketDgram, socketStream, symbolicLink

    /// From `st_mode`. A pipe has no name in WASI; a socket is taken for a stream unless `socketType` says otherwise.
    init(mode: mode_t, socketType: Int32 = 0) {
        self =
            switch mode & S_IFMT {
            case S_IFBLK: .blockDevice
            case S_IFCHR: .characterDevice
            case S_IFDIR: .directory
            case S_IFREG: .regularFile
            case S_IFLNK: .symbolicLink
            case S_IFSOCK: socketType == Int32(SOCK_DGRAM.rawValue) ? .socketDgram : .socketStream
            default: .unknown
            }
    }

    /// From `d_type` of a directory's entry; `nil` where the file system does not say.
    init?(entryType: UInt8) {
        switch Int(entryType) {
        case DT_BLK: self = .blockDevice
        case DT_CHR: self = .characterDevice
        case DT_DIR: self = .directory
        case DT_REG: self = .regularFile
        case DT_LNK: self = .symbolicLink
        case DT_SOCK: self = .socketStream
        case DT_UNKNOWN: return nil
        default: self = .unknown
        }
    }
}
