"""Files as scanners, cameras and people with other intentions make them."""

import zipfile
from io import SEEK_END, BytesIO, RawIOBase
from typing import Any

from PIL import Image


def pdf(text: str = "paper") -> bytes:
    """A PDF file with an empty page and a remark, so that two texts are two files."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>",
    ]
    written, places = b"%PDF-1.4\n%" + text.encode() + b"\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, len(written))
    return written + head + table + trailer


def picture(kind: str = "PNG", shade: int = 200, size: tuple[int, int] = (40, 30)) -> bytes:
    """A grey picture; kind is a name of Pillow's such as "JPEG"."""
    out = BytesIO()
    Image.new("L", size, shade).save(out, kind)
    return out.getvalue()


def archive() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("evil.html", "<script>alert(1)</script>")
    return out.getvalue()


class Zeros(RawIOBase):
    """A file of a head and zeros that takes no room; it counts what was read of it."""

    def __init__(self, size: int, head: bytes = b"") -> None:
        """size: in bytes, with the head."""
        self.size, self.head, self.place, self.bytes_read = size, head, 0, 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        """Where it is read next."""
        return self.place

    def seek(self, offset: int, whence: int = 0) -> int:
        """From the start or the end."""
        self.place = self.size + offset if whence == SEEK_END else offset
        return self.place

    def readinto(self, buffer: Any) -> int:
        count = max(min(len(buffer), self.size - self.place), 0)
        piece = self.head[self.place : self.place + count]
        buffer[:count] = piece + bytes(count - len(piece))
        self.place += count
        self.bytes_read += count
        return count
