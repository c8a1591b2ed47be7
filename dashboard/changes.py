"""What was moved between two questions about one scenario, in words."""

from __future__ import annotations

from dashboard.briefing import station_name
from dashboard.i18n.formats import Formats
from dashboard.levers import Levers, Staffing
from dashboard.question import Question


def changes_between(before: Question, now: Question, levers: Levers, formats: Formats) -> list[str]:
    """What a planner moved between two questions about one scenario."""
    words = formats.words
    changes = []
    for lever in levers.staff:
        old, new = (each.staff[lever.key] for each in (before, now))
        if old != new:
            name = station_name(lever.station, words)
            if new.hours is not None or old.hours is not None:
                hours = zip(lever.hourly(old), lever.hourly(new), strict=True)
                moved = sum(one != other for one, other in hours)
                changes.append(f"{name}: {words('panel.hours_moved', n=moved)}")
                continue
            texts = [_staffing_text(each, formats) for each in (old, new)]
            changes.append(f"{name} {' → '.join(texts)}")
    names = {"no-bag": words("panel.no_bag"), "face": words("panel.face")}
    for share in levers.shares:
        old, new = (each.shares[share.key] for each in (before, now))
        if old != new:
            changes.append(f"{names[share.key]} {old} → {new}")
    if levers.rule is not None and before.on(levers) != now.on(levers):
        policy = levers.rule.policy
        title = words.of(policy.title, otherwise=policy.id)
        state = words("panel.rule_on" if now.rule else "panel.rule_off")
        changes.append(f"{title}: {state}")
    if before.breaks != now.breaks:
        counts = " → ".join(formats.number(len(each.breaks)) for each in (before, now))
        changes.append(f"{words('panel.breaks')} {counts}")
    if before.seed != now.seed:
        changes.append(f"{words('panel.seed')} {before.seed} → {now.seed}")
    return changes


def _staffing_text(staffing: Staffing, formats: Formats) -> str:
    if staffing.constant is not None:
        return formats.number(staffing.constant)
    return formats.percent(staffing.percent / 100)
