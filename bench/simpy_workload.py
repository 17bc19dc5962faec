"""The workload in SimPy, as its guide writes such things. Prints one line of JSON."""

import json
import random
import sys
import time

import simpy

rate_per_s, instances, mean_ms, duration_ms = (float(word) for word in sys.argv[1:5])
env = simpy.Environment()
servers = [simpy.Resource(env, capacity=1) for _ in range(int(instances))]
waits = {"total": 0.0, "count": 0}


def outstanding(server):
    return server.count + len(server.queue)


def request():
    arrived = env.now
    fewest = min(map(outstanding, servers))
    server = random.choice([server for server in servers if outstanding(server) == fewest])
    with server.request() as turn:
        yield turn
        waits["total"] += env.now - arrived
        waits["count"] += 1
        yield env.timeout(random.expovariate(1 / mean_ms))


def arrivals():
    while True:
        yield env.timeout(random.expovariate(rate_per_s / 1000))
        if env.now > duration_ms:
            return
        env.process(request())


start = time.perf_counter()
env.process(arrivals())
env.run()
elapsed_ms = (time.perf_counter() - start) * 1000
print(json.dumps({"requests": waits["count"], "meanWaitMs": waits["total"] / waits["count"], "ms": elapsed_ms}))
