"""From what a check found to the finding that people read: the action, the permission that lifts it, the sentence."""

from collections.abc import Sequence
from typing import Final

from guidelines.bill import Bill
from guidelines.exceptions import GrantedException
from guidelines.fixes import Fix
from guidelines.kinds.base import Action, BaseRule
from guidelines.lines import WHOLE_BILL, GuidelineFinding, GuidelineLine
from guidelines.view import Hit

_CONSEQUENCES: Final = {
    Action.BLOCK: "The carrier refuses it.",
    Action.REDUCE: "The carrier cuts it.",
    Action.WARN: "The carrier may question it.",
}


def finding(rule: BaseRule, hit: Hit, bill: Bill, permissions: Sequence[GrantedException]) -> GuidelineFinding:
    """Return what one broken rule means for its line, in the light of the carrier's permissions."""
    given = () if hit.is_final else [one for one in permissions if _covers(one, rule, hit.line, bill)]
    for permission in given:
        if _is_within(permission, hit):
            return _allowed(rule, hit, permission)
    action = _action(rule, hit)
    widest = max((one for one in given if one.limit is not None), key=lambda one: one.limit or 0, default=None)
    said = [hit.problem, *_passed(widest), _CONSEQUENCES[action], hit.remedy, *_cited(rule)]
    return GuidelineFinding(rule.kind, action, _key(hit), " ".join(said), rule.name, _fix(hit, widest))


def _action(rule: BaseRule, hit: Hit) -> Action:
    if hit.is_notice:
        return Action.WARN
    return Action.BLOCK if hit.is_final else rule.action


def _allowed(rule: BaseRule, hit: Hit, permission: GrantedException) -> GuidelineFinding:
    sentence = f"{hit.problem} {permission.quotation}"
    return GuidelineFinding(rule.kind, Action.ALLOWED, _key(hit), sentence, rule.name, None, permission)


def _covers(permission: GrantedException, rule: BaseRule, line: GuidelineLine | None, bill: Bill) -> bool:
    if permission.rule not in {rule.name, rule.kind} or permission.matter not in {"", bill.matter}:
        return False
    if line is None:
        return not permission.timekeeper_id
    is_person = permission.timekeeper_id in {"", line.timekeeper_id}
    is_after = permission.work_from is None or line.worked_on >= permission.work_from
    return is_person and is_after and (permission.work_to is None or line.worked_on <= permission.work_to)


def _is_within(permission: GrantedException, hit: Hit) -> bool:
    """Tell whether the permission reaches; one with a limit does not where the rule measures nothing."""
    return permission.limit is None or (hit.measured is not None and hit.measured <= permission.limit)


def _passed(permission: GrantedException | None) -> tuple[str, ...]:
    if permission is None or permission.limit is None:
        return ()
    return (f"{permission.quotation} That holds up to {permission.limit.normalize():f}.",)


def _fix(hit: Hit, permission: GrantedException | None) -> Fix | None:
    if permission is None or permission.limit is None or hit.fix_at is None:
        return hit.fix
    return hit.fix_at(permission.limit)


def _key(hit: Hit) -> str:
    return WHOLE_BILL if hit.line is None else hit.line.key


def _cited(rule: BaseRule) -> tuple[str, ...]:
    return (f"See {rule.citation}.",) if rule.citation else ()
