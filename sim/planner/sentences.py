"""What a manager reads of a cause, in English and in Vietnamese."""

from __future__ import annotations

from sim.planner.seen import DEPARTURES
from sim.planner.why import Cause
from sim.scenario.clock import US_PER_S


def clock(at_us: int) -> str:
    """An instant as HH:MM, beyond 24 hours where the day goes on."""
    minutes = round(at_us / 60_000_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def in_english(cause: Cause) -> str:
    """Where, when, how bad, for whom, and what would help."""
    promise, when = cause.promise, f"between {clock(cause.from_us)} and {clock(cause.until_us)}"
    is_missed = promise.station == DEPARTURES
    kept = f"{cause.share:.1%} are served within {promise.within_us / US_PER_S / 60:g} min"
    if is_missed:
        kept = f"{1 - cause.share:.2%} miss their departure"
    elif promise.meaning == "daily":
        kept = f"it holds on {cause.share:.1%} of days"
    elif promise.most_waiting is not None:
        kept = f"at most {promise.most_waiting} persons wait for {cause.share:.1%} of the time"
    subject = "The promise of departures" if is_missed else cause.station
    its = "" if is_missed else "its promise "
    if not cause.is_breach:
        verb = "is kept today" if is_missed else f"keeps {its}today"
        tight = f"those who do wait longest at {cause.station}" if is_missed else "it is tightest"
        return f"{subject} {verb}; {tight} {when}: {kept}."
    asked = f"{promise.asked:.1%} are promised"
    if is_missed:
        asked = f"{promise.most_missed:.2%} may"
    if promise.meaning == "daily":
        asked = f"{promise.day_share:.1%} of days are promised"
    parts = [f"{kept}, where {asked}"]
    if promise.most_waiting is not None:
        parts.append(f"more wait for {cause.late:.0f} min a day")
    elif promise.meaning == "long_run":
        parts.append(f"{cause.late:.0f} a day {'miss' if is_missed else 'wait longer'}")
    if cause.departures_us is not None:
        first, last = map(clock, cause.departures_us)
        span = f"departures from {first} to {last}" if first != last else f"departure at {first}"
        parts.append(f"most of them for {span}")
    said = f"{subject} breaks {its}{when}: {', '.join(parts)}"
    if is_missed:
        said = f"The promise of departures is broken: {', '.join(parts)}"
        said += f"; they wait longest at {cause.station} {when}"
    if cause.queue_us is not None:
        since, until = map(clock, cause.queue_us)
        said += f". The queue stands from {since} to {until}"
    return f"{said}. {_help(cause)}"


def _help(cause: Cause) -> str:
    found = ""
    more = cause.one_more
    if more is not None:
        share = f"make it {more.share:.1%}"
        if cause.promise.station == DEPARTURES:
            share = f"bring it to {1 - more.share:.2%}"
        found = (
            f"One server more at {more.station} from {clock(more.from_us)} to "
            f"{clock(more.until_us)} would {share} and save {more.saved_min:.0f} min of waiting "
            f"a day ({more.low:.0f} to {more.high:.0f}); "
        )
    at = clock(cause.changed_us)
    if cause.planned > cause.servers:
        return f"{found}the plan has {cause.planned} open at {at} instead of {cause.servers}."
    if cause.planned < cause.servers:
        return f"{found}the plan has {cause.planned} open at {at} where {cause.servers} are today."
    return f"{found}the plan leaves {cause.servers} open at {at}, its other changes help here."


def in_vietnamese(cause: Cause) -> str:
    """The same in Vietnamese."""
    promise = cause.promise
    when = f"trong khoảng {clock(cause.from_us)}–{clock(cause.until_us)}"
    is_missed = promise.station == DEPARTURES
    minutes = f"{promise.within_us / US_PER_S / 60:g}"
    kept = f"{_share(cause.share)} khách được phục vụ trong vòng {minutes} phút"
    if is_missed:
        kept = f"{_share(1 - cause.share, 2)} khách lỡ chuyến"
    elif promise.meaning == "daily":
        kept = f"cam kết giữ được trong {_share(cause.share)} số ngày"
    elif promise.most_waiting is not None:
        kept = f"hàng chờ không quá {promise.most_waiting} người trong {_share(cause.share)}"
        kept += " thời gian"
    if not cause.is_breach:
        if is_missed:
            return f"Hiện nay cam kết về lỡ chuyến được giữ: {kept}."
        return f"{cause.station} hiện giữ được cam kết; căng nhất {when}: {kept}."
    asked = f"cam kết là {_share(promise.asked)}"
    if is_missed:
        asked = f"cam kết là không quá {_share(promise.most_missed or 0.0, 2)}"
    parts = [f"{kept}, {asked}"]
    if promise.most_waiting is not None:
        parts.append(f"mỗi ngày vượt mức {cause.late:.0f} phút")
    elif promise.meaning == "long_run":
        who = "khách lỡ chuyến" if is_missed else "khách chờ lâu hơn"
        parts.append(f"mỗi ngày {cause.late:.0f} {who}")
    if cause.departures_us is not None:
        first, last = map(clock, cause.departures_us)
        span = f"các chuyến từ {first} đến {last}" if first != last else f"chuyến lúc {first}"
        parts.append(f"phần lớn đi {span}")
    said = f"{cause.station} không giữ được cam kết {when}: {', '.join(parts)}"
    if is_missed:
        said = f"Cam kết về lỡ chuyến không giữ được: {', '.join(parts)}"
        said += f"; họ chờ lâu nhất tại {cause.station} {when}"
    if cause.queue_us is not None:
        since, until = map(clock, cause.queue_us)
        said += f". Hàng chờ kéo dài từ {since} đến {until}"
    return f"{said}. {_help_in_vietnamese(cause)}"


def _help_in_vietnamese(cause: Cause) -> str:
    found = ""
    more = cause.one_more
    if more is not None:
        share = f"nâng tỷ lệ lên {_share(more.share)}"
        if cause.promise.station == DEPARTURES:
            share = f"đưa tỷ lệ lỡ chuyến về {_share(1 - more.share, 2)}"
        found = (
            f"Thêm một vị trí phục vụ tại {more.station} từ {clock(more.from_us)} đến "
            f"{clock(more.until_us)} sẽ {share} và bớt {more.saved_min:.0f} phút chờ mỗi ngày "
            f"(từ {more.low:.0f} đến {more.high:.0f}); "
        )
    at = clock(cause.changed_us)
    if cause.planned == cause.servers:
        return f"{found}phương án giữ nguyên {cause.servers} vị trí lúc {at}, thay đổi ở chỗ khác."
    return f"{found}phương án mở {cause.planned} vị trí lúc {at}, hiện nay là {cause.servers}."


def _share(value: float, digits: int = 1) -> str:
    return f"{100 * value:.{digits}f}".replace(".", ",") + " %"
