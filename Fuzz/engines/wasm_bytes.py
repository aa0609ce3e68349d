"""The binary format of WebAssembly, as much of it as is written here."""

I32, I64, F32, F64, V128 = 0x7F, 0x7E, 0x7D, 0x7C, 0x7B


def unsigned(value):
    out = bytearray()
    while True:
        byte, value = value & 0x7F, value >> 7
        out.append(byte | (0x80 if value else 0))
        if not value:
            return bytes(out)


def signed(value):
    out = bytearray()
    while True:
        byte, value = value & 0x7F, value >> 7
        done = value == 0 and not byte & 0x40 or value == -1 and byte & 0x40
        out.append(byte | (0 if done else 0x80))
        if done:
            return bytes(out)


def vector(items):
    items = list(items)
    return unsigned(len(items)) + b"".join(items)


def section(number, contents):
    return bytes([number]) + unsigned(len(contents)) + contents


def counted(contents):
    return unsigned(len(contents)) + contents


def value_type(type_):
    """A type: a byte, or ("ref", index) for a reference, null or not, to a defined type."""
    if isinstance(type_, tuple):
        return b"\x63" + signed(type_[1])
    return bytes([type_])


def function_type(parameters, results):
    return b"\x60" + vector(map(value_type, parameters)) + vector(map(value_type, results))
