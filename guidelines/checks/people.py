"""Checks of who worked, at what rate and on what."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import timedelta
from decimal import Decimal

from core.money import as_dollars, line_amount
from guidelines.grades import grade_of
from guidelines.keywords import Keywords
from guidelines.kinds import people as kinds
from guidelines.lines import GuidelineLine
from guidelines.remedies import cut_rate
from guidelines.view import Check, Hit, View


def unapproved_timekeeper(_rule: kinds.UnapprovedTimekeeper) -> Check:
    """Find a fee of somebody whom the carrier has not approved."""

    def check(view: View) -> Iterator[Hit]:
        for line in view.fees:
            if not line.is_approved:
                problem = f"{line.timekeeper_id} was not approved by this carrier on {line.worked_on}."
                yield Hit(line, problem, "Ask for approval, and hold the line until it is there.")

    return check


def rate_cap(_rule: kinds.RateCap) -> Check:
    """Find a fee above its approved rate, or without one; propose the approved rate."""

    def check(view: View) -> Iterator[Hit]:
        for line in view.fees:
            if line.approved_rate is None:
                problem = f"{line.timekeeper_id} has no rate approved by this carrier."
                yield Hit(line, problem, "Ask for approval before billing it.", measured=line.unit_cost)
            elif line.unit_cost > line.approved_rate:
                yield _over_the_rate(line, line.approved_rate)

    return check


def _over_the_rate(line: GuidelineLine, approved: Decimal) -> Hit:
    problem = f"The rate is {as_dollars(line.unit_cost)} an hour; {as_dollars(approved)} is approved."
    fix = cut_rate(line, approved)
    return Hit(
        line,
        problem,
        "Bill the approved rate.",
        fix,
        line.unit_cost,
        lambda limit: cut_rate(line, max(limit, approved)),
    )


def rate_increase_notice(rule: kinds.RateIncreaseNotice) -> Check:
    """Find a higher rate billed before its notice has run; propose the rate before it."""
    notice = timedelta(days=rule.days)

    def check(view: View) -> Iterator[Hit]:
        for line in view.fees:
            before = line.previous_rate
            if before is None or line.unit_cost <= before:
                continue
            known_on = line.rate_notified_on or line.rate_began_on
            if known_on is None or line.worked_on < known_on + notice:
                yield _too_soon(rule, line, before)

    return check


def _too_soon(rule: kinds.RateIncreaseNotice, line: GuidelineLine, before: Decimal) -> Hit:
    told = (
        f"was told of it on {line.rate_notified_on}"
        if line.rate_notified_on
        else "is not known to have been told of it"
    )
    problem = (
        f"The rate rose from {as_dollars(before)} to {as_dollars(line.unit_cost)}; this carrier {told} "
        f"and wants {rule.days} days of notice."
    )
    return Hit(line, problem, "Bill the rate before it.", cut_rate(line, before), line.unit_cost)


def below_grade(rule: kinds.BelowGrade) -> Check:
    """Find work for somebody junior done by somebody senior; propose the junior's rate where the carrier names one."""
    words = Keywords(rule.keywords)

    def check(view: View) -> Iterator[Hit]:
        for line in view.fees:
            if grade_of(line.classification) not in rule.grades:
                continue
            if rule.rate is not None and line.unit_cost <= rule.rate:
                continue
            what = _code_of(line, rule.codes) or words.find(line.narrative)
            if what:
                yield _too_senior(rule, line, what)

    return check


def _code_of(line: GuidelineLine, codes: frozenset[str]) -> str | None:
    return next((code for code in (line.activity_code, line.task_code) if code in codes), None)


def _too_senior(rule: kinds.BelowGrade, line: GuidelineLine, what: str) -> Hit:
    problem = f"A {grade_of(line.classification)} did “{what}”, which this carrier expects of somebody junior."
    if rule.rate is None:
        return Hit(line, problem, "Write it down, or say why it took somebody senior.", measured=line.unit_cost)
    remedy = f"Bill it at {as_dollars(rule.rate)} an hour, or say why it took somebody senior."
    return Hit(line, problem, remedy, cut_rate(line, rule.rate), line.unit_cost)


def staffing(rule: kinds.Staffing) -> Check:
    """Find people beyond the number that the carrier pays; those who bill most are taken as the team."""

    def check(view: View) -> Iterator[Hit]:
        first: dict[str, GuidelineLine] = {}
        for line in view.fees:
            first.setdefault(line.timekeeper_id, line)
        if _is_too_large(rule, first.values()):
            yield from _beyond(rule, _most_billed_first(first, view.fees))

    return check


def _is_too_large(rule: kinds.Staffing, team: Collection[GuidelineLine]) -> bool:
    """Tell whether anybody is too much, whoever that is: dollars are added up only then."""
    counted = Counter(grade_of(line.classification) for line in team)
    return len(team) > rule.people or any(counted[grade] > most for grade, most in rule.by_grade.items())


def _most_billed_first(first: Mapping[str, GuidelineLine], fees: Iterable[GuidelineLine]) -> list[GuidelineLine]:
    billed: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in fees:
        billed[line.timekeeper_id] += line_amount(line.units, line.unit_cost)
    return sorted(first.values(), key=lambda line: -billed[line.timekeeper_id])


def _beyond(rule: kinds.Staffing, team: list[GuidelineLine]) -> Iterator[Hit]:
    remedy = "Ask the carrier to approve the person, or write the person's time off."
    counted: defaultdict[str, int] = defaultdict(int)
    for place, line in enumerate(team, start=1):
        grade = grade_of(line.classification)
        counted[grade] += 1
        most = rule.by_grade.get(grade)
        if most is not None and counted[grade] > most:
            problem = f"{line.timekeeper_id} is {grade} number {counted[grade]} on the bill; this carrier pays {most}."
            yield Hit(line, problem, remedy, measured=Decimal(counted[grade]))
        elif place > rule.people:
            problem = f"{line.timekeeper_id} is person {place} on the bill; this carrier pays {rule.people}."
            yield Hit(line, problem, remedy, measured=Decimal(place))
