/// How 128 bits are cut into lanes.
enum VectorShape {
    case i8x16, i16x8, i32x4, i64x2, f32x4, f64x2

    /// The shape that a word means.
    init?(_ word: Word) {
        switch word {
        case .i8x16: self = .i8x16
        case .i16x8: self = .i16x8
        case .i32x4: self = .i32x4
        case .i64x2: self = .i64x2
        case .f32x4: self = .f32x4
        case .f64x2: self = .f64x2
        default: return nil
        }
    }

    /// How many bytes a lane has.
    var laneSize: Int {
        switch self {
        case .i8x16: 1
        case .i16x8: 2
        case .i32x4, .f32x4: 4
        case .i64x2, .f64x2: 8
        }
    }

    var laneCount: Int { 16 / laneSize }
}
