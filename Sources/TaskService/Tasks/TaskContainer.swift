internal import ContainerProcess
package import ControlGroup
internal import EventLoop
internal import Glibc
internal import LinuxSystem
internal import Logging
internal import OCIBundle
package import OCISpec
package import Sandbox
internal import ShimAPI
internal import SwiftProtobuf

/// One container: its box, its first process, and those that were added.
package final class TaskContainer {
    package let id: String
    package let bundle: String
    package let spec: RuntimeSpec
    package let options: ShimOptions
    package let group: ControlGroup
    package let initial: TaskProcess
    package internal(set) var execs: [String: TaskProcess] = [:]
    /// The root file system as the snapshotter describes it.
    package let layers: [SandboxRoot.Mount]
    /// Set where the container's program is none of ours.
    package internal(set) var native: NativeContainer?
    /// The request that is being worked on and takes a while.
    let turn: Turn

    let context: ShimContext
    var oomWatch: OOMWatch?
    /// What the execs that were announced shall run.
    var execSpecs: [String: ContainerProcessSpec] = [:]
    /// What the configuration asks for that the first process does not get.
    var notes = SandboxPlan.Notes()
    /// The first process's end, until everybody else has ended.
    var initialEnd: ExitRecord?
    /// The control group once it is made, and until it is given back: only as long as it is ours are its processes.
    private var ownGroup: GroupRecord?
    /// Processes that the OOM killer has ended.
    private(set) var oomKills = 0

    /// Reads what the bundle says; nothing is made yet.
    package init(
        id: String, bundle: String, layers: [SandboxRoot.Mount], paths: StreamPaths, options: ShimOptions,
        context: ShimContext
    ) throws(TaskError) {
        self.id = id
        self.bundle = bundle
        self.layers = layers
        self.options = options
        self.context = context
        turn = Turn(on: context.loop)
        do throws(BundleError) { spec = try Bundle.readSpec(at: bundle, known: context.knownSpec).spec } catch {
            throw TaskError(error)
        }
        context.knownSpec = nil
        do throws(ControlGroupError) {
            group = try ControlGroup(
                path: spec.linux?.cgroupsPath ?? "/wasmshim/\(context.namespace)/\(id)", on: context.controlGroups)
        } catch { throw TaskError(error) }
        initial = TaskProcess(execID: "", paths: paths, context: context)
    }

    /// The process that an exec id names; the first one's is empty.
    package func process(_ execID: String) throws(TaskError) -> TaskProcess {
        if execID.isEmpty { return initial }
        guard let process = execs[execID] else { throw TaskError(.noExec(execID)) }
        return process
    }

    /// Whether this is a pod's own container, which keeps the namespaces (`io.kubernetes.cri.container-type`).
    package var isPodSandbox: Bool { spec.annotations?["io.kubernetes.cri.container-type"] == "sandbox" }

    /// Who owns the standard streams, where the options say.
    var streamOwner: StreamOwner? {
        options.ioUser == 0 && options.ioGroup == 0 ? nil : StreamOwner(user: options.ioUser, group: options.ioGroup)
    }

    // MARK: The control group

    /// Makes the group, sets its limits, and listens for the OOM killer.
    func makeGroup() throws(TaskError) {
        do throws(ControlGroupError) { try group.create() } catch { throw TaskError(error) }
        try ownGroupAtPath()
        do throws(ControlGroupError) {
            try group.apply(spec.linux?.resources ?? LinuxResources())
        } catch {
            throw TaskError(error)
        }
        watchOOM()
    }

    /// What is at the group's path has just been made, by us or on our behalf.
    func ownGroupAtPath() throws(TaskError) {
        guard let record = GroupRecord(of: group) else {
            throw TaskError(.failed("control group \(group.path): it is gone in the moment it was made"))
        }
        ownGroup = record
        try record.write(toBundle: bundle)
    }

    /// Ends every process of the container.
    func killGroup() {
        if let ownGroup, ownGroup.isOf(group) { try? group.killAll() }
    }

    /// Listens for the OOM killer.
    func watchOOM() {
        do throws(ControlGroupError) {
            let watch = try group.watchOOM()
            oomWatch = watch
            try? context.loop.watch(watch.descriptor, for: .readable) { [weak self] _ in self?.reportOOM() }
        } catch {
            context.log.debug("no news of the OOM killer", metadata: ["container": "\(id)", "reason": "\(error)"])
        }
    }

    /// Tells containerd of processes that the OOM killer ended since last time.
    func reportOOM() {
        guard let oomWatch else { return }
        let kills = oomWatch.collect()
        guard kills > 0 else { return }
        oomKills += kills
        context.events.publish(topic: "/tasks/oom", EventTaskOOM.with { $0.containerID = id })
    }

    func stopWatchingOOM() {
        guard let oomWatch else { return }
        context.loop.forget(oomWatch.descriptor)
        self.oomWatch = nil
    }

    /// Removes the group; the kernel needs a moment after the last process, so it is tried again for some seconds.
    func removeGroup() {
        stopWatchingOOM()
        guard let own = ownGroup else { return }
        ownGroup = nil
        context.unfinishedCleanups += 1
        retryRemoval(of: own, after: .milliseconds(1), left: 14)
    }

    /// A container of the same name may have made the group anew between two tries: then it is not ours any more.
    private func retryRemoval(of own: GroupRecord, after delay: Duration, left: Int) {
        do throws(ControlGroupError) {
            if try own.isOf(group) ? group.remove() : true {
                own.remove(fromBundle: bundle)
                return endRemoval(nil)
            }
        } catch { return endRemoval("\(error)") }
        if left == 0 { return endRemoval("it is still busy") }
        try? group.killAll()
        context.loop.schedule(after: delay) { [self] in retryRemoval(of: own, after: delay * 2, left: left - 1) }
    }

    private func endRemoval(_ problem: String?) {
        if let problem {
            context.log.warning(
                "control group stays",
                metadata: ["container": "\(id)", "group": "\(group.path)", "reason": "\(problem)"])
        }
        context.unfinishedCleanups -= 1
    }
}
