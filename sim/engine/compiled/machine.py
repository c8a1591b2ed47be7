"""The loop as machine code: compiled once for this machine, kept on disk, called by address.

Numba turns the functions of `loop` into LLVM's language; what comes out depends on nothing
but the memory it is given. So the object code is kept, and a later process loads it with
llvmlite alone: importing Numba takes longer than simulating a day.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import hashlib
import importlib
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm

from sim.errors import SimError

Announce = Callable[[str], None]
"""Told, in a sentence, when something takes a while."""

CACHE_VARIABLE = "SIM_CACHE_DIR"
"""Environment variable naming the folder compiled code is kept in."""

KEPT = 16
"""Versions of the code that stay on disk, the newest ones."""

ENTRY = "run"
"""The function of `loop.turns` that is called from outside."""

SOURCES = (
    "demand/workload.py",
    "engine/compiled/layout.py",
    "engine/compiled/loop",
    "engine/turn.py",
    "events/kinds.py",
    "events/log.py",
    "scenario/program.py",
)
"""Every file the compiled code takes anything from, below ``sim``."""

_SIGNATURE = ctypes.CFUNCTYPE(
    ctypes.c_int32, ctypes.POINTER(ctypes.c_int64), ctypes.POINTER(ctypes.c_void_p), ctypes.c_int64
)


class Loop:
    """The compiled loop, ready to be called.

    Attributes
    ----------
    path : Path
        Where its machine code is kept.
    """

    def __init__(self, code: bytes, symbol: str, path: Path) -> None:
        self.path = path
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        self._machine = _target_machine()
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), self._machine)
        self._engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        self._engine.finalize_object()
        self._function = _SIGNATURE(self._engine.get_function_address(symbol))

    def run(self, address: int) -> int:
        """Run a world until the loop returns; says why it did (see `layout`)."""
        result, fault = ctypes.c_int64(), ctypes.c_void_p()
        status = self._function(ctypes.byref(result), ctypes.byref(fault), address)
        if status != 0:
            msg = f"the compiled engine stopped with status {status}; run with --engine reference"
            raise SimError(msg)
        return result.value


@functools.cache
def the_loop() -> Loop:
    """The loop, loaded once in a process; compiled first where nobody has yet."""
    return load_loop()


def load_loop(*, announce: Announce | None = None, folder: Path | None = None) -> Loop:
    """Load the compiled loop from disk, compiling it where it is not there.

    Parameters
    ----------
    announce : callable or None
        Told before compiling; None writes a line to standard error.
    folder : Path or None
        Where to look and keep; None for the user's cache.

    Notes
    -----
    The file's name is a digest of every source the code comes from, the versions of Python,
    Numba and LLVM, and the processor: other sources or another machine never find it. Where
    the folder cannot be written, the code lives as long as the process.
    """
    folder = folder or cache_folder()
    path = folder / f"loop-{digest()}.o"
    kept = _read(path)
    if kept is None:
        tell = announce or _tell_standard_error
        tell("compiling the engine for this machine (once; about 10 seconds)")
        kept = compile_loop()
        with contextlib.suppress(OSError):
            _keep(path, *kept)
    return Loop(*kept, path)


def cache_folder() -> Path:
    """Folder for compiled code: `SIM_CACHE_DIR`, else the system's place for caches."""
    named = os.environ.get(CACHE_VARIABLE)
    if named:
        return Path(named)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return base / "hanh-trinh"


@functools.cache
def digest() -> str:
    """Digest of everything the machine code depends on."""
    root = Path(__file__).parents[2]
    seen = hashlib.sha256()
    for source in SOURCES:
        place = root / source
        for file in sorted(place.glob("*.py")) if place.is_dir() else [place]:
            seen.update(file.relative_to(root).as_posix().encode() + b"\0")
            seen.update(hashlib.sha256(file.read_bytes()).digest())
    target = [
        platform.python_version(),
        metadata.version("numba"),
        metadata.version("llvmlite"),
        llvm.get_process_triple(),
        llvm.get_host_cpu_name(),
        llvm.get_host_cpu_features().flatten(),
    ]
    seen.update(json.dumps(target).encode())
    return seen.hexdigest()[:32]


def compile_loop() -> tuple[bytes, str]:
    """Compile the functions of `loop`, callees first; returns object code and entry symbol."""
    from numba import types

    from sim.engine.compiled.loop import access, turns

    del turns  # defines the functions
    entry = None
    with _without_optimising():
        for function in access.FUNCTIONS:
            name = function.py_func.__name__
            of_entry = types.int64(types.int64)
            wanted = of_entry if name == ENTRY else access.signature(function.py_func)
            if not function.signatures:
                function.compile(wanted)
                function.disable_compile()
            entry = function.overloads[wanted.args]
    assert entry is not None
    symbol = entry.fndesc.llvm_func_name
    module = llvm.parse_assembly(entry.library.get_llvm_str())
    machine = _target_machine()
    _optimise(module, symbol, machine)
    return machine.emit_object(module), symbol


@contextlib.contextmanager
def _without_optimising() -> Iterator[None]:
    """Let Numba only translate: it would optimise every function again in each of its callers."""
    config: Any = importlib.import_module("numba.core.config")
    before = config.OPT
    config.OPT = type(before)(0)
    try:
        yield
    finally:
        config.OPT = before


def _optimise(module: llvm.ModuleRef, symbol: str, machine: llvm.TargetMachine) -> None:
    """Optimise the whole at once, with nothing but the entry visible from outside."""
    for function in module.functions:
        if not function.is_declaration and function.name != symbol:
            function.linkage = "internal"
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)


def _target_machine() -> llvm.TargetMachine:
    return llvm.Target.from_triple(llvm.get_process_triple()).create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=3,
        reloc="default",
        codemodel="jitdefault",
        jit=True,
    )


def _read(path: Path) -> tuple[bytes, str] | None:
    """Object code and symbol, or None where there is none or it is damaged."""
    try:
        first, _, code = path.read_bytes().partition(b"\n")
        label = json.loads(first)
        if label["sha256"] == hashlib.sha256(code).hexdigest():
            return code, label["symbol"]
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None


def _keep(path: Path, code: bytes, symbol: str) -> None:
    """Write code whole or not at all, and forget what is long out of use."""
    label = {"symbol": symbol, "sha256": hashlib.sha256(code).hexdigest()}
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".partial")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(json.dumps(label).encode() + b"\n" + code)
        Path(partial).replace(path)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise
    kept = sorted(path.parent.glob("loop-*.o"), key=lambda file: file.stat().st_mtime)
    for old in kept[:-KEPT]:
        old.unlink(missing_ok=True)


def _tell_standard_error(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
