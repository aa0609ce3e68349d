internal import ControlGroup
internal import ShimAPI
internal import SwiftProtobuf

extension Google_Protobuf_Any {
    /// Wraps a message under its bare full name, as containerd's own types are registered.
    init(wrapping message: some Message) throws(TaskError) {
        self.init()
        typeURL = type(of: message).protoMessageName
        do { value = try message.serializedBytes() } catch {
            throw TaskError(.failed("cannot encode \(typeURL): \(error)"))
        }
    }

    /// What a control group has used.
    init(_ stats: ControlGroupStats) throws(TaskError) {
        switch stats {
        case .v1(let stats): try self.init(wrapping: CgroupsV1Metrics(stats))
        case .v2(let stats): try self.init(wrapping: CgroupsV2Metrics(stats))
        }
    }
}
