import ShimAPI
import SwiftProtobuf

/// The messages of the Task service by the names of its methods.
enum TaskMessages {
    /// Request and response of each method.
    static let all: [String: (request: any SwiftProtobuf.Message.Type, response: any SwiftProtobuf.Message.Type)] = [
        "State": (APIStateRequest.self, APIStateResponse.self),
        "Create": (APICreateTaskRequest.self, APICreateTaskResponse.self),
        "Start": (APIStartRequest.self, APIStartResponse.self),
        "Delete": (APIDeleteRequest.self, APIDeleteResponse.self),
        "Pids": (APIPidsRequest.self, APIPidsResponse.self),
        "Pause": (APIPauseRequest.self, Google_Protobuf_Empty.self),
        "Resume": (APIResumeRequest.self, Google_Protobuf_Empty.self),
        "Checkpoint": (APICheckpointTaskRequest.self, Google_Protobuf_Empty.self),
        "Kill": (APIKillRequest.self, Google_Protobuf_Empty.self),
        "Exec": (APIExecProcessRequest.self, Google_Protobuf_Empty.self),
        "ResizePty": (APIResizePtyRequest.self, Google_Protobuf_Empty.self),
        "CloseIO": (APICloseIORequest.self, Google_Protobuf_Empty.self),
        "Update": (APIUpdateTaskRequest.self, Google_Protobuf_Empty.self),
        "Wait": (APIWaitRequest.self, APIWaitResponse.self),
        "Stats": (APIStatsRequest.self, APIStatsResponse.self),
        "Connect": (APIConnectRequest.self, APIConnectResponse.self),
        "Shutdown": (APIShutdownRequest.self, Google_Protobuf_Empty.self),
    ]
}
