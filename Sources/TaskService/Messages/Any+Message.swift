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
    init(_ stats: ControlGroupStats, linearMemory: UInt64?) throws(TaskError) {
        switch stats {
        case .v1(let stats):
            var metrics = CgroupsV1Metrics(stats)
            if let linearMemory { metrics.guest = .with { $0.linearMemory = linearMemory } }
            try self.init(wrapping: metrics)
        case .v2(let stats):
            var metrics = CgroupsV2Metrics(stats)
            if let linearMemory { metrics.guest = .with { $0.linearMemory = linearMemory } }
            try self.init(wrapping: metrics)
        }
    }
}
