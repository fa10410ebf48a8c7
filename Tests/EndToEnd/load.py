"""Many clients at once: each with its own connection, all drawing from one supply of requests."""
import threading

from cryptography.hazmat.primitives import serialization

import client


def in_parallel(count, work):
    """Runs `work(number)` in `count` threads and returns the results in order; the first exception is raised."""
    results, failures = [None] * count, []

    def body(number):
        try:
            results[number] = work(number)
        except Exception as failure:  # noqa: BLE001 - handed to the caller below
            failures.append(failure)

    threads = [threading.Thread(target=body, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return results


def send_all(url, bodies, connections):
    """Posts every body to the v2 API over so many kept-alive connections; the answers come in the order of `bodies`."""
    answers, numbers = [None] * len(bodies), iter(range(len(bodies)))
    lock = threading.Lock()

    def work(_):
        connection = client.Connection(url, timeout=60)
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return connection.close()
            answers[number] = connection.send("POST", client.SIGNING_V2, bodies[number])

    in_parallel(connections, work)
    return answers


class Storm:
    """Clients that ask until the server is gone. `acknowledged` grows by each certificate chain received."""

    def __init__(self, url, token, connections=16):
        self.url, self.token, self.acknowledged, self.refused, self.checkpoints = url, token, [], [], []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.ask, daemon=True) for _ in range(connections)]
        self.threads.append(threading.Thread(target=self.watch, daemon=True))
        for thread in self.threads:
            thread.start()

    def until_refused(self, work):
        connection = client.Connection(self.url, timeout=30)
        try:
            while not self.over.is_set():
                work(connection)
        except OSError:
            pass
        except client.http.client.HTTPException:
            pass                        # the answer was cut off: not an acknowledgement
        finally:
            connection.close()

    def ask(self):
        def work(connection):
            answer = connection.send("POST", client.SIGNING_V2, client.body_v2(self.token, client.generate()))
            if answer.status == 200:
                leaf, issuer = answer.certificates()[:2]
                self.acknowledged.append((leaf.public_bytes(serialization.Encoding.DER), issuer.public_key()))
            else:
                self.refused.append(answer)
        self.until_refused(work)

    def watch(self):
        def work(connection):
            answer = connection.send("GET", "/ct/checkpoint")
            if answer.status == 200 and answer.body not in self.checkpoints[-1:]:
                self.checkpoints.append(answer.body)
        self.until_refused(work)

    def join(self):
        self.over.set()
        for thread in self.threads:
            thread.join()
