"""Just enough DER to cut a certificate apart and to put its to-be-signed part together again."""
from dataclasses import dataclass

POISON = "1.3.6.1.4.1.11129.2.4.3"
SCT_LIST = "1.3.6.1.4.1.11129.2.4.2"


@dataclass(frozen=True)
class Element:
    tag: int
    content: bytes
    whole: bytes

    def children(self):
        at, found = 0, []
        while at < len(self.content):
            found.append(read(self.content, at))
            at += len(found[-1].whole)
        return found


def read(data, at=0):
    """The element that starts at `at`; ValueError where it is cut short or its length is not DER."""
    if at + 2 > len(data):
        raise ValueError("DER element cut short")
    size, start = data[at + 1], at + 2
    if size & 0x80:
        count = size & 0x7F
        size = int.from_bytes(data[start:start + count], "big")
        start += count
        if count == 0 or size < 128 or size >> (8 * (count - 1)) == 0:
            raise ValueError("length is not DER")
    if start + size > len(data):
        raise ValueError("DER element cut short")
    return Element(data[at], data[start:start + size], data[at:start + size])


def read_only(data):
    """The one element that is all of `data`."""
    element = read(data)
    if len(element.whole) != len(data):
        raise ValueError("bytes after the DER element")
    return element


def write(tag, *parts):
    body = b"".join(parts)
    if len(body) < 128:
        return bytes([tag, len(body)]) + body
    size = (len(body).bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + len(body).to_bytes(size, "big") + body


def oid(content):
    numbers, value = [], 0
    for byte in content:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(value)
            value = 0
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, [first, numbers[0] - 40 * first] + numbers[1:]))


def to_be_signed(certificate):
    return read_only(certificate).children()[0].whole


def extensions(tbs):
    """(OID, critical, value, whole) of each extension of a TBSCertificate, in order."""
    last = read_only(tbs).children()[-1]
    if last.tag != 0xA3:
        return []
    found = []
    for element in last.children()[0].children():
        parts = element.children()
        critical = len(parts) == 3 and parts[1].content == b"\xff"
        found.append((oid(parts[0].content), critical, parts[-1].content, element.whole))
    return found


def without_extension(tbs, unwanted):
    """The TBSCertificate with one extension taken out and every other byte kept (RFC 6962 §3.2)."""
    kept = [whole for name, _, _, whole in extensions(tbs) if name != unwanted]
    fields = [element.whole for element in read_only(tbs).children()[:-1]]
    return write(0x30, *fields, write(0xA3, write(0x30, *kept)))
