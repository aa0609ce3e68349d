internal import Glibc
package import LinuxSystem
package import SwiftProtobuf

/// How and when a process ended.
package struct ExitRecord: Equatable, Sendable {
    /// The exit code, or 128 and the number of the signal that ended it.
    package var status: UInt32
    /// Seconds since 1970.
    package var seconds: Int64
    package var nanoseconds: Int32

    package init(status: UInt32, seconds: Int64, nanoseconds: Int32) {
        self.status = status
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// An end that was seen just now.
    package init(_ end: ProcessEnd) {
        self.init(nowWith: UInt32(bitPattern: end.shellStatus))
    }

    /// An end of this moment.
    package init(nowWith status: UInt32) {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        self.init(status: status, seconds: Int64(now.tv_sec), nanoseconds: Int32(now.tv_nsec))
    }

    /// The time as messages have it.
    package var time: Google_Protobuf_Timestamp {
        Google_Protobuf_Timestamp(seconds: seconds, nanos: nanoseconds)
    }
}
