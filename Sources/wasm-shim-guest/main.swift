// The process that a guest lives in. Started by wasm-shim with a launch plan on an inherited descriptor; never by
// hand. See specs/guest-launch.md.

import GuestLaunch

do throws(LaunchPlanError) {
    Guest(try LaunchPlan.inherited()).run()
} catch {
    Report.end(.failure, "launch plan: \(error); this program is started by wasm-shim, not by hand")
}
