"""Vector instructions by what they take and give, as numbers behind the prefix 0xFD."""

# Two vectors, one result.
BINARY = [14, *range(35, 65), 78, 79, 80, 81, 101, 102, *range(110, 116), *range(118, 122), 123, 130, 133, 134,
          *range(142, 148), *range(149, 154), *range(155, 160), 174, 177, 181, *range(182, 187), *range(188, 192),
          206, 209, 213, *range(214, 224), *range(65, 77)]
UNARY = [77, 96, 97, 98, *range(124, 130), *range(135, 139), 160, 161, *range(167, 171), 192, 193, *range(199, 203),
         248, 249, 252, 253]
# What may give NaN, by the instruction that tells: equality of the same lanes.
FLOAT_BINARY = {65: [228, 229, 230, 231, 232, 233, 234, 235], 71: [240, 241, 242, 243, 244, 245, 246, 247]}
FLOAT_UNARY = {65: [103, 104, 105, 106, 224, 225, 227, 94, 250, 251],
               71: [116, 117, 122, 148, 236, 237, 239, 95, 254, 255]}
SHIFTS = [107, 108, 109, 139, 140, 141, 171, 172, 173, 203, 204, 205]
# To an i32.
TESTS = [83, 99, 100, 131, 132, 163, 164, 195, 196]
# Number, bytes of the access.
LOADS = [(0, 16), *((n, 8) for n in range(1, 7)), (7, 1), (8, 2), (9, 4), (10, 8), (92, 4), (93, 8)]
LOAD_LANES = [(84, 1), (85, 2), (86, 4), (87, 8)]
STORE_LANES = [(88, 1), (89, 2), (90, 4), (91, 8)]
