"""Bytes through descriptors, unbuffered: what follows belongs to somebody else."""
import os


class Room:
    """A fixed place for what comes from one descriptor."""

    def __init__(self):
        self._bytes = bytearray(1)
        self._view = memoryview(self._bytes)
        self.descriptor, self.count, self.size = -1, 0, 0

    def prepare(self, descriptor, size):
        if len(self._bytes) < size:
            self._bytes = bytearray(size)
            self._view = memoryview(self._bytes)
        self.descriptor, self.count, self.size = descriptor, 0, size
        os.set_blocking(descriptor, False)

    @property
    def is_full(self):
        return self.count == self.size

    @property
    def content(self):
        return self._view[:self.count]

    def take(self):
        """False when nothing more came: for now, for good, or because it is full."""
        if self.is_full:
            return False
        try:
            came = os.readv(self.descriptor, [self._view[self.count:self.size]])
        except BlockingIOError:
            return False
        self.count += came
        return came > 0

    def wipe(self):
        self._bytes[:self.count] = bytes(self.count)


def exactly(descriptor, count):
    """None at the end."""
    content = bytearray(count)
    view = memoryview(content)
    while view:
        came = os.readv(descriptor, [view])
        if came == 0:
            return None
        view = view[came:]
    return content


def write(descriptor, content):
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view):]
