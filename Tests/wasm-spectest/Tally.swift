import Foundation

/// How many commands went how.
struct Tally: CustomStringConvertible {
    var passed = 0
    var failed = 0
    /// Failed, and listed as failing.
    var known = 0
    var notRun = 0
    /// Passed, but listed as failing.
    var cured = 0

    init(passed: Int = 0, failed: Int = 0, known: Int = 0, notRun: Int = 0, cured: Int = 0) {
        self.passed = passed
        self.failed = failed
        self.known = known
        self.notRun = notRun
        self.cured = cured
    }

    /// Reads what `data` gave.
    init?(_ data: Data) {
        let numbers = String(decoding: data, as: UTF8.self).split(separator: " ").compactMap { Int($0) }
        guard numbers.count == 5 else { return nil }
        self.init(passed: numbers[0], failed: numbers[1], known: numbers[2], notRun: numbers[3], cured: numbers[4])
    }

    var data: Data { Data("\(passed) \(failed) \(known) \(notRun) \(cured)".utf8) }

    mutating func add(_ other: Tally) {
        passed += other.passed
        failed += other.failed
        known += other.known
        notRun += other.notRun
        cured += other.cured
    }

    var description: String {
        "\(passed) passed, \(failed) failed"
            + (known > 0 ? ", \(known) failed as listed" : "") + (notRun > 0 ? ", \(notRun) not run" : "")
            + (cured > 0 ? ", \(cured) pass that are listed as failing" : "")
    }
}
