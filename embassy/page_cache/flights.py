"""The same work asked for by several threads at once is done by one of them."""

from concurrent.futures import Future
from threading import Lock


class Flights:
    """Work under way, by key."""

    def __init__(self):
        self._under_way = {}
        self._lock = Lock()

    def share(self, key, work):
        """What `work()` returns or raises, done once for all threads that ask for `key` meanwhile."""
        with self._lock:
            future = self._under_way.get(key)
            if future is None:
                mine = self._under_way[key] = Future()
        if future is not None:
            return future.result()
        try:
            result = work()
        except BaseException as error:
            mine.set_exception(error)
            raise
        else:
            mine.set_result(result)
            return result
        finally:
            with self._lock:
                del self._under_way[key]
