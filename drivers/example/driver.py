#!/usr/bin/env python3
"""A whole driver, as an example: the wasmtime package for Python behind Runoff's driver protocol.

    pip install wasmtime
    runoff driver check -- python3 drivers/example/driver.py

It measures and offers no sessions. docs/BRING_YOUR_OWN_RUNTIME.md explains it step by step.
"""

import json
import struct
import sys
import time
from importlib.metadata import version

import wasmtime

now = time.perf_counter_ns


def send(**message):
    print(json.dumps(message), flush=True)


def hello():
    clock = sorted(-(now() - now()) for _ in range(1001))[500]
    identity = {
        "id": "example/wasmtime-py",
        "version": version("wasmtime"),
        "technique": "optimising compiler",
        "features": [],
        "flags": {"wasi": "the engine's own"},
        "compile_threads": 1,
        "bounds_checks": "guard-pages",
        "cpu_features": "native",
    }
    capabilities = {
        "features": ["mutable-globals", "saturating-float-to-int", "sign-extension", "multi-value", "bulk-memory",
                     "reference-types", "simd"],
        "compiles": True,
        "separate_validate": True,
        "save_load": True,
        "lazy": False,
        "deadline": "kill-only",
        "memory_cap": "process-only",
        "thread_safe_module": True,
        "stack_trap": True,
        "max_host_results": None,
        "code_size": False,
        "trust": "killable-child",
    }
    send(msg="hello", protocol=1, identity=identity, capabilities=capabilities, clock_ns=clock)


class Wrong(Exception):
    """The guest did not answer as it did before."""


class Unsupported(Exception):
    """The driver cannot do this."""


def from_wire(value):
    bits = int(value["bits"])
    kind = value["type"]
    if kind == "i32":
        return bits - (1 << 32) if bits >> 31 else bits
    if kind == "i64":
        return bits - (1 << 64) if bits >> 63 else bits
    if kind == "f32":
        return struct.unpack("<f", struct.pack("<I", bits))[0]
    if kind == "f64":
        return struct.unpack("<d", struct.pack("<Q", bits))[0]
    raise Unsupported(f"arguments of type {kind}")


def to_wire(kind, value):
    if kind in ("i32", "i64"):
        return {"type": kind, "bits": str(value % (1 << int(kind[1:])))}
    if kind in ("f32", "f64"):
        number, bits = ("<f", "<I") if kind == "f32" else ("<d", "<Q")
        return {"type": kind, "bits": str(struct.unpack(bits, struct.pack(number, value))[0])}
    raise Unsupported(f"results of type {kind}")


class Block:
    def __init__(self, job):
        self.job = job
        self.work = job["workload"]
        self.command = "invoke" not in self.work
        if not self.command and "call" not in job:
            raise RuntimeError(f"there is no function `{self.work['invoke']}` that takes these arguments")
        self.engine = wasmtime.Engine()
        self.first = None
        self.marked = 0
        with open(job["module"], "rb") as file:
            self.wasm = file.read()

    def step(self, phase, cold, work):
        """Times one step; a cold one is announced, so that a crash has a place."""
        if cold:
            send(msg="phase", phase=phase)
        start = now()
        result = work()
        ns = now() - start
        send(msg="sample", phase=phase, cold=cold, ns=[ns], batch=1)
        return result, ns

    def module(self, cold):
        if self.job["mode"] == "aot":
            return self.step("load", cold, lambda: wasmtime.Module.deserialize_file(self.engine, self.job["artifact"]))
        _, validate = self.step("validate", cold, lambda: wasmtime.Module.validate(self.engine, self.wasm))
        module, compile_ns = self.step("compile", cold, lambda: wasmtime.Module(self.engine, self.wasm))
        return module, validate + compile_ns

    def world(self):
        """What an instance imports: the embedder's work, done before the clock starts."""
        store = wasmtime.Store(self.engine)
        wasi = wasmtime.WasiConfig()
        wasi.argv = [self.work["name"], *(self.work.get("args", []) if self.command else [])]
        wasi.env = list(self.work.get("env", {}).items())
        if self.work.get("stdin"):
            wasi.stdin_file = self.work["stdin"]
        wasi.stdout_file = self.job["stdout"]
        for host, guest in self.work.get("dirs", []):
            wasi.preopen_dir(host, guest)
        store.set_wasi(wasi)
        linker = wasmtime.Linker(self.engine)
        linker.define_wasi()
        nothing = wasmtime.FuncType([], [])
        linker.define_func("bench", "start", nothing, self.mark_start)
        linker.define_func("bench", "end", nothing, self.mark_end)
        return store, linker

    def mark_start(self):
        self.started = now()

    def mark_end(self):
        self.marked += now() - self.started

    def instantiate(self, module, world):
        store, linker = world
        instance = linker.instantiate(store, module)
        exports = instance.exports(store)
        if not self.command and "_initialize" in exports:
            exports["_initialize"](store)
        func = exports["_start" if self.command else self.work["invoke"]]
        args = [] if self.command else [from_wire(value) for value in self.job["call"]["args"]]
        return lambda: func(store, *args)

    def call(self, func):
        if not self.command:
            return func()
        try:
            func()
            return 0
        except wasmtime.ExitTrap as exit_trap:
            return exit_trap.code

    def check(self, result):
        """Every answer must be the first one; whether that is right, Runoff finds out by itself."""
        if self.command:
            with open(self.job["stdout"], "rb") as file:
                answer = ({"exit": result}, file.read())
        else:
            kinds = self.job["call"]["results"]
            values = [] if not kinds else [result] if len(kinds) == 1 else result
            answer = ({"results": [to_wire(kind, value) for kind, value in zip(kinds, values)]}, b"")
        self.first = self.first or answer
        if answer != self.first:
            raise Wrong("a later call answered differently from the first")

    def life(self, cold):
        module, made = self.module(cold)
        world = self.world()
        func, instantiated = self.step("instantiate", cold, lambda: self.instantiate(module, world))
        phase = "call" if self.command and not cold else "first_call"
        result, first = self.step(phase, cold, lambda: self.call(func))
        self.check(result)
        if self.marked:
            send(msg="sample", phase="marked", cold=cold, ns=[self.marked], batch=1)
            self.marked = 0
        return module, func, made + instantiated, first

    def save(self, module):
        def work():
            data = module.serialize()
            with open(self.job["artifact"], "wb") as file:
                file.write(data)
            return len(data)
        return self.step("save", True, work)[0]

    def curve(self, module, func, first, budget):
        """Cumulative time of 1, 2, 3, 5, 7, 10, … calls; a command gets a fresh instance for each."""
        total, done, begin = first, 1, now()
        send(msg="call", n=1, cumulative_ns=total)
        points = (n * 10 ** d for d in range(9) for n in (1, 2, 3, 5, 7))
        for n in points:
            if n <= done or n > self.job["calls"]:
                continue
            for _ in range(n - done):
                world = self.world() if self.command else None
                start = now()
                result = self.call(self.instantiate(module, world) if self.command else func)
                total += now() - start
                self.check(result)
            done = n
            send(msg="call", n=n, cumulative_ns=total)
            if (now() - begin) * 2 > budget:
                break

    def steady(self, func, budget):
        samples, batch, begin = [], 1, now()
        while len(samples) < 40 and (not samples or now() - begin < budget):
            start = now()
            for _ in range(batch):
                result = func()
            ns = now() - start
            self.check(result)
            if ns < 50_000:
                batch *= 2
            else:
                samples.append(ns / batch)
        send(msg="sample", phase="call", cold=False, ns=samples, batch=batch)

    def run(self):
        budget = self.job["block_ms"] * 1_000_000 // 3
        module, func, startup, first = self.life(True)
        outcome = {"startup_ns": startup, "answer": self.first[0]}
        self.curve(module, func, first, budget)
        if self.job["mode"] == "jit":
            outcome["artifact_bytes"] = self.save(module)
        begin = now()
        while now() - begin < budget:
            self.life(False)
        if not self.command:
            self.steady(func, budget)
        return outcome


def measure(job):
    try:
        send(msg="outcome", status="ok", **Block(job).run())
    except Wrong as error:
        send(msg="outcome", status="wrong", reason=str(error))
    except Unsupported as error:
        send(msg="outcome", status="unsupported", reason=str(error))
    except Exception as error:  # a trap, a refused module, a missing export: whatever it was, it is a row
        send(msg="outcome", status="failed", reason=" ".join(str(error).split()) or type(error).__name__)


hello()
for line in sys.stdin:
    measure(json.loads(line))
send(msg="bye")
