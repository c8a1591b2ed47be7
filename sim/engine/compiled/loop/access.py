"""How compiled functions reach the world's tables: typed pointers, no arrays.

A function takes the world's record and whole numbers. ``customer(w, c)`` is row *c* of a
table as a record whose fields are read and set; ``get_walk_us(w, row)`` reads a column.
Passing arrays would cost each function its unpacking, and each call its reference counts;
a pointer costs neither (``docs/performance.md`` has the figures).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from sim.engine.compiled.layout import COLUMNS, TABLES, WORLD

Compiled = Callable[..., Any]
World = Any
"""The world's record, as an annotation."""

WORLD_TYPE: Any = numba.from_dtype(WORLD)
OPTIONS: dict[str, Any] = {
    "error_model": "numpy",  # a division raises nothing: no exceptions to carry
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
FUNCTIONS: list[Any] = []
"""Every compiled function in order of definition: callees before callers."""


def compiled(function: Callable[..., Any]) -> Compiled:
    """Mark a function of the loop; `sim.engine.compiled.machine` compiles it when needed.

    Its parameters are the world and whole numbers, its result as annotated.
    """
    dispatcher = njit(**OPTIONS)(function)
    FUNCTIONS.append(dispatcher)
    return dispatcher


def signature(function: Callable[..., Any]) -> Any:
    """The types a function is compiled for, from its annotations."""
    names = {"None": types.void, "int": types.int64, "bool": types.boolean}
    annotations = dict(function.__annotations__)
    result = names[annotations.pop("return")]
    kinds = [WORLD_TYPE if kind == "World" else names[kind] for kind in annotations.values()]
    return result(*kinds)


def _address(builder: Any, world: Any, name: str) -> Any:
    """Address of a table: a load the optimiser may assume never changes during a run."""
    byte = cgutils.int8_t.as_pointer()
    field = cgutils.pointer_add(builder, world, WORLD.fields[name][1], byte.as_pointer())  # type: ignore[index]
    address = builder.load(field)
    address.set_metadata("invariant.load", builder.module.add_metadata([]))
    return address


def _row_address(builder: Any, world: Any, row: Any, *, name: str, size: int) -> Any:
    offset = builder.mul(row, row.type(size))
    return builder.gep(_address(builder, world, name), [offset])


def _table(name: str) -> Compiled:
    dtype = TABLES[name]
    record: Any = numba.from_dtype(dtype)

    @intrinsic
    def at(typing_context, world, row):
        del typing_context

        def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            del sig
            where = _row_address(builder, args[0], args[1], name=name, size=dtype.itemsize)
            return builder.bitcast(where, context.get_value_type(record))

        return record(WORLD_TYPE, types.int64), generate

    return at


def _reader(name: str) -> Compiled:
    dtype = COLUMNS[name]
    item: Any = numba.from_dtype(dtype)

    @intrinsic
    def get(typing_context, world, row):
        del typing_context

        def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            where = _row_address(builder, args[0], args[1], name=name, size=dtype.itemsize)
            pointer = builder.bitcast(where, context.get_value_type(item).as_pointer())
            return context.cast(builder, builder.load(pointer), item, sig.return_type)

        return types.int64(WORLD_TYPE, types.int64), generate

    return get


def _writer(name: str) -> Compiled:
    dtype = COLUMNS[name]
    item: Any = numba.from_dtype(dtype)

    @intrinsic
    def put(typing_context, world, row, value):
        del typing_context

        def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            where = _row_address(builder, args[0], args[1], name=name, size=dtype.itemsize)
            pointer = builder.bitcast(where, context.get_value_type(item).as_pointer())
            builder.store(context.cast(builder, args[2], sig.args[2], item), pointer)
            return context.get_dummy_value()

        return types.void(WORLD_TYPE, types.int64, types.int64), generate

    return put


def _prefetcher(name: str) -> Compiled:
    """Ask for a row that will be read soon: it takes longer to come than an event to handle."""
    size = COLUMNS[name].itemsize

    @intrinsic
    def prefetch(typing_context, world, row):
        del typing_context

        def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            del sig
            where = _row_address(builder, args[0], args[1], name=name, size=size)
            word = ir.IntType(32)
            kind = ir.FunctionType(ir.VoidType(), [where.type, word, word, word])
            ask = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
            builder.call(ask, [where, word(0), word(3), word(1)])
            return context.get_dummy_value()

        return types.void(WORLD_TYPE, types.int64), generate

    return prefetch


def _world_at() -> Compiled:
    @intrinsic
    def at(typing_context, address):
        del typing_context, address

        def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
            return builder.inttoptr(args[0], context.get_value_type(sig.return_type))

        return WORLD_TYPE(types.int64), generate

    return at


world_at = _world_at()
customer = _table("customers")
request = _table("requests")
station = _table("stations")
lane_at = _table("lanes")
line_at = _table("lines")
server_at = _table("servers")
departure_at = _table("departures")
going_at = _table("going")
entry_at = _table("calendar")
guard_at = _table("guards")
term_at = _table("terms")
rule_at = _table("rules")
step_at = _table("steps")
slot_at = _table("slots")
call_at = _table("calls")
change_at = _table("changes")
amendment_at = _table("amendments")
degradation_at = _table("degradations")

get_arrival_us = _reader("arrival_us")
get_party_size = _reader("party_size")
get_first = _reader("first")
get_route = _reader("route")
get_service_us = _reader("service_us")
get_walk_us = _reader("walk_us")
get_patience_us = _reader("patience_us")
get_accepted_on = _reader("accepted_on")
get_retry_us = _reader("retry_us")
get_call_us = _reader("call_us")
get_choice = _reader("choice")
get_second_choice = _reader("second_choice")
get_switch_us = _reader("switch_us")
get_batch_us = _reader("batch_us")
get_alters_us = _reader("alters_us")
get_delay_us = _reader("delay_us")
get_unsent = _reader("unsent")
put_unsent = _writer("unsent")

prefetch_service_us = _prefetcher("service_us")
prefetch_walk_us = _prefetcher("walk_us")
prefetch_patience_us = _prefetcher("patience_us")

get_levels_us = _reader("levels_us")
get_levels = _reader("levels")
get_joined_us = _reader("joined_us")
get_given_service_us = _reader("given_service_us")
get_given_patience_us = _reader("given_patience_us")
get_who = _reader("who")
put_started_us = _writer("started_us")
put_completed_us = _writer("completed_us")
put_on_server = _writer("on_server")
put_handed_on_by = _writer("handed_on_by")
get_busy_until_us = _reader("busy_until_us")
put_busy_until_us = _writer("busy_until_us")
get_busy_with = _reader("busy_with")
put_busy_with = _writer("busy_with")
get_busy_server = _reader("busy_server")
put_busy_server = _writer("busy_server")
get_idle_server = _reader("idle_server")
put_idle_server = _writer("idle_server")

put_at_us = _writer("log_at_us")
put_kind = _writer("log_kind")
put_passenger = _writer("log_passenger")
put_station = _writer("log_station")
put_visit = _writer("log_visit")
put_server = _writer("log_server")
put_ref = _writer("log_ref")
put_detail = _writer("log_detail")
