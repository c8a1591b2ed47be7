"""What one core can do at all: bytes read, products added, bits counted in a second.

Small loops in LLVM's own language keep everything in registers, so that nothing but the unit in
question is busy. They are measured in the run that quotes them: clocks drift.
"""

from __future__ import annotations

import ctypes
import functools
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass

import llvmlite.binding as llvm
import numpy as np

from sim.matcher.templates import DIMENSIONS

ACCUMULATORS = 16
"""Independent sums, enough to keep every unit busy while one waits for the last."""

READ_BYTES = 1 << 29
"""Far more than any cache holds."""

_ITERATIONS = 2_000_000
_PERMIT_TILES = (158, 0x1023, 18)  # arch_prctl(ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA)


@dataclass(frozen=True, slots=True)
class Limits:
    """Comparisons of 512 dimensions one core could do, by what would hold it up.

    Attributes
    ----------
    read_bytes_per_s : float
        Bytes read from memory.
    float32_per_s, int8_per_s, codes_per_s : float
        Comparisons whose multiplications, or counted bits, fill the unit.
    int8_unit : str
        Which unit multiplies bytes here.
    """

    read_bytes_per_s: float
    float32_per_s: float
    int8_per_s: float
    codes_per_s: float
    int8_unit: str


def measure_limits() -> Limits:
    """All limits of this core, the best of three each; about two seconds."""
    lanes, bytes_unit = _byte_unit()
    return Limits(
        read_bytes_per_s=READ_BYTES / _best(_reader()),
        float32_per_s=_rate("fma", 16) / DIMENSIONS,
        int8_per_s=_rate(bytes_unit, lanes) / DIMENSIONS,
        codes_per_s=_rate("popcount", 8) / (DIMENSIONS // 64),
        int8_unit=BYTE_UNITS[bytes_unit],
    )


BYTE_UNITS = {
    "amx": "int8 products of tiles",
    "vnni": "int8 products of vectors",
    "fma": "float32 products: this processor has none of bytes",
}
"""What multiplies bytes, as named in figures, by instruction set."""

_BODIES = {
    "fma": (
        "<16 x float>",
        "declare <16 x float> @llvm.fma.v16f32(<16 x float>, <16 x float>, <16 x float>)",
        "call <16 x float> @llvm.fma.v16f32(<16 x float> {acc}, <16 x float> %a, <16 x float> %b)",
    ),
    "vnni": (
        "<16 x i32>",
        "declare <16 x i32> @llvm.x86.avx512.vpdpbusd.512(<16 x i32>, <16 x i32>, <16 x i32>)",
        (
            "call <16 x i32> @llvm.x86.avx512.vpdpbusd.512"
            "(<16 x i32> {acc}, <16 x i32> %a, <16 x i32> %b)"
        ),
    ),
    "popcount": (
        "<8 x i64>",
        "declare <8 x i64> @llvm.ctpop.v8i64(<8 x i64>)",
        "call <8 x i64> @llvm.ctpop.v8i64(<8 x i64> {acc})",
    ),
}


def _rate(unit: str, lanes: int) -> float:
    """Operations a second: lanes of every instruction issued."""
    seconds = _best(_tiles() if unit == "amx" else _registers(unit))
    return _ITERATIONS * ACCUMULATORS * lanes / seconds


def _byte_unit() -> tuple[int, str]:
    """Products of bytes an instruction adds up, and the unit that does."""
    features = llvm.get_host_cpu_features()
    if features.get("amx-int8") and platform.system() == "Linux" and _may_use_tiles():
        return 16 * 16 * 64, "amx"
    return (64, "vnni") if features.get("avx512vnni") else (16, "fma")


def _may_use_tiles() -> bool:
    libc = ctypes.CDLL(None, use_errno=True)
    return platform.machine() == "x86_64" and libc.syscall(*_PERMIT_TILES) == 0


def _registers(unit: str) -> Callable[[], None]:
    """A loop over accumulators that never leave the registers."""
    kind, declaration, operation = _BODIES[unit]
    names = range(ACCUMULATORS)
    phis = "\n".join(f"  %p{n} = phi {kind} [ %s{n}, %entry ], [ %q{n}, %loop ]" for n in names)
    steps = "\n".join(f"  %q{n} = {operation.format(acc=f'%p{n}')}" for n in names)
    starts = "\n".join(f"  %s{n} = load {kind}, ptr %memory, align 64" for n in names)
    ends = "\n".join(f"  store volatile {kind} %q{n}, ptr %memory, align 64" for n in names)
    text = f"""{declaration}
define void @spin(ptr %memory, i64 %times) {{
entry:
  %a = load volatile {kind}, ptr %memory, align 64
  %b = load volatile {kind}, ptr %memory, align 64
{starts.replace("load", "load volatile")}
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
{phis}
{steps}
  %next = add i64 %i, 1
  %more = icmp ult i64 %next, %times
  br i1 %more, label %loop, label %done
done:
{ends}
  ret void
}}"""
    return _spinner(text)


def _tiles() -> Callable[[], None]:
    """Products of tiles; four sums of 16 by 16, as many as leave room for the factors."""
    steps = "\n".join(
        f"  call void @llvm.x86.tdpbssd(i8 {n % 4}, i8 {4 + n % 2}, i8 {6 + n % 2})"
        for n in range(ACCUMULATORS)
    )
    text = f"""declare void @llvm.x86.ldtilecfg(ptr)
declare void @llvm.x86.tilerelease()
declare void @llvm.x86.tilezero(i8)
declare void @llvm.x86.tdpbssd(i8, i8, i8)
define void @spin(ptr %memory, i64 %times) {{
entry:
  call void @llvm.x86.ldtilecfg(ptr %memory)
{chr(10).join(f"  call void @llvm.x86.tilezero(i8 {n})" for n in range(8))}
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
{steps}
  %next = add i64 %i, 1
  %more = icmp ult i64 %next, %times
  br i1 %more, label %loop, label %done
done:
  call void @llvm.x86.tilerelease()
  ret void
}}"""
    shape = np.zeros(64, dtype=np.uint8)
    shape[0] = 1  # palette
    shape[16:32:2] = 64  # bytes a row of each tile
    shape[48:56] = 16  # rows of each tile
    return _spinner(text, shape)


def _spinner(text: str, content: np.ndarray | None = None) -> Callable[[], None]:
    engine = _machine_code(text)
    spin = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int64)(
        engine.get_function_address("spin")
    )
    room = np.zeros(128, dtype=np.uint8)
    memory = room[-room.ctypes.data % 64 :][:64]
    if content is not None:
        memory[:] = content

    def run(engine: object = engine) -> None:
        del engine  # kept alive by the closure
        spin(memory.ctypes.data, _ITERATIONS)

    return run


@functools.cache
def _machine_code(text: str) -> llvm.ExecutionEngine:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    module = llvm.parse_assembly(text)
    module.verify()
    machine = llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=2,
        jit=True,
    )
    engine = llvm.create_mcjit_compiler(module, machine)
    engine.finalize_object()
    return engine


def _reader() -> Callable[[], None]:
    """Reads memory once, in four streams, as wide as the core can."""
    loads = "\n".join(
        f"""  %g{n} = getelementptr <8 x i64>, ptr %memory, i64 %o{n}
  %v{n} = load <8 x i64>, ptr %g{n}, align 64
  %q{n} = xor <8 x i64> %p{n}, %v{n}
  %o{n}n = add i64 %o{n}, 1"""
        for n in range(4)
    )
    phis = "\n".join(
        f"""  %p{n} = phi <8 x i64> [ zeroinitializer, %entry ], [ %q{n}, %loop ]
  %o{n} = phi i64 [ %b{n}, %entry ], [ %o{n}n, %loop ]"""
        for n in range(4)
    )
    text = f"""define void @spin(ptr %memory, i64 %lines) {{
entry:
  %b0 = add i64 0, 0
  %b1 = udiv i64 %lines, 4
  %b2 = mul i64 %b1, 2
  %b3 = mul i64 %b1, 3
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
{phis}
{loads}
  %next = add i64 %i, 1
  %more = icmp ult i64 %next, %b1
  br i1 %more, label %loop, label %done
done:
  %x = xor <8 x i64> %q0, %q1
  %y = xor <8 x i64> %q2, %q3
  %z = xor <8 x i64> %x, %y
  store volatile <8 x i64> %z, ptr %memory, align 64
  ret void
}}"""
    engine = _machine_code(text)
    spin = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int64)(
        engine.get_function_address("spin")
    )
    room = np.zeros(READ_BYTES + 64, dtype=np.uint8)
    memory = room[-room.ctypes.data % 64 :][:READ_BYTES]
    memory[:] = 1  # every page is there

    def run(engine: object = engine) -> None:
        del engine
        spin(memory.ctypes.data, READ_BYTES // 64)

    return run


def _best(work: Callable[[], None], *, rounds: int = 3) -> float:
    work()
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return min(seconds)
