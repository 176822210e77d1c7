"""Memory of a process that makes and drops large tensors all the time."""
import ctypes


def keep_memory():
    """glibc gives large blocks back to the system after each use; keeping them saves the page faults."""
    try:
        libc = ctypes.CDLL(None)
        libc.mallopt(-4, 0)
        libc.mallopt(-1, 2**31 - 1)
    except (OSError, AttributeError):
        pass
